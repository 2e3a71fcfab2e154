import { decodeText } from "../../core/bytes.js";
import { CLOSE } from "../../core/close-codes.js";
import { decodeClientFrame, decodeServerFrames, encodeBatch, encodeServerFrame } from "../../core/codec.js";
import type { WireCode } from "../../core/errors.js";
import type { LoginAckFrame, NackFrame, PushFrame, ServerFrame, UplinkAckFrame } from "../../core/frames.js";
import type { Seq, SyncEpoch } from "../../core/model.js";
import type { SeededRandom } from "../fakes/random.js";
import type { TokenOffice } from "./actors/token-office.js";
import { type History, type NodeNumber, type OperationId, operationOf } from "./history.js";
import type { Link } from "./network/link.js";
import type { WireTap } from "./network/sim-network.js";
import { GOOD_LINE } from "./network/weather.js";
import type { ProbeCounts } from "./probes.js";

/** Not the last word: the client repeats. */
const RETRYABLE: ReadonlySet<WireCode> = new Set(["busy", "out_of_order", "rate_limited"]);

/** What was seen on one link. */
interface LinkLog {
  readonly operations: Map<number, OperationId>;
  lastPushed: Seq | null;
  epoch: SyncEpoch;
  hasKnocked: boolean;
  isLive: boolean;
  /** Tokens that were shown and are not answered, oldest first. */
  readonly tokens: string[];
}

/** Listens to all links: writes answers and logins into the history, counts rare paths, and loses pushes where the plan says so. */
export class HistoryTap implements WireTap {
  readonly #history: History;
  readonly #probes: ProbeCounts;
  readonly #random: SeededRandom;
  readonly #office: TokenOffice;
  readonly #logs = new WeakMap<Link, LinkLog>();
  readonly #refused = new Set<OperationId>();
  /** The epoch in which the last ACK came. */
  readonly #storedIn = new Map<OperationId, SyncEpoch>();

  constructor(history: History, probes: ProbeCounts, around: { office: TokenOffice; random: SeededRandom }) {
    this.#history = history;
    this.#probes = probes;
    this.#random = around.random;
    this.#office = around.office;
  }

  onUp = (link: Link, bytes: Uint8Array): void => {
    const frame = decodeClientFrame(bytes);
    if (frame.kind === "login" || frame.kind === "token") this.#logOf(link).tokens.push(frame.token);
    if (frame.kind === "login") {
      this.#logOf(link).hasKnocked = true;
      this.#history.record({ kind: "knocked", device: link.device, link: link.id, node: nodeOf(link) });
    }
    if (frame.kind !== "uplink") return;
    this.#timeAnswer("uplink", link);
    const operation = operationOf(decodeText(frame.content));
    const log = this.#logOf(link);
    log.operations.set(frame.clientId, operation);
    const storedIn = this.#storedIn.get(operation);
    if (storedIn !== undefined && log.epoch !== storedIn) this.#probes.hit("put_back");
  };

  onDown = (link: Link, bytes: Uint8Array): Uint8Array | null => {
    const frames = decodeServerFrames(bytes);
    const kept = frames.filter((frame) => !this.#isLost(link, frame));
    for (const frame of kept) this.#note(link, frame);
    if (kept.length === frames.length) return bytes;
    return kept.length === 0 ? null : encodeBatch(kept.map((frame) => encodeServerFrame(frame)));
  };

  onDisturbed = ({ device }: Link): void => {
    this.#history.record({ kind: "offline", device });
  };

  onServerOver = (link: Link): void => {
    if (this.#logOf(link).hasKnocked) this.#history.record({ kind: "left", device: link.device, link: link.id });
  };

  onWaiting = (): void => {
    this.#probes.hit("slow_reader");
  };

  onGoodbye = (link: Link, code: number): void => {
    if (code === CLOSE.idle) this.#probes.hit("idle_closed");
    if (code === CLOSE.replaced) this.#probes.hit("ghost_replaced");
    if (code === CLOSE.unauthenticated && this.#logOf(link).isLive) this.#probes.hit("token_expired_close");
  };

  /** A device that misses a push notices with its heartbeat: until it logs in again its waiting is its network's fault. */
  #isLost({ quality, device }: Link, frame: ServerFrame): boolean {
    const isLost = frame.kind === "push" && this.#random.chance(quality.pushLoss);
    if (isLost) this.#history.record({ kind: "offline", device });
    return isLost;
  }

  #note(link: Link, frame: ServerFrame): void {
    if (frame.kind === "login_ack") this.#noteLogin(link, frame);
    else if (frame.kind === "nack") this.#noteNack(link, frame);
    else if (frame.kind === "uplink_ack") this.#noteAck(link, frame);
    else if (frame.kind === "push") this.#notePush(link, frame);
    else if (frame.kind === "go_away") this.#probes.hit("go_away");
  }

  /** On a narrow line answers wait behind everything else. */
  #timeAnswer(kind: "uplink" | "answered", { device, id, quality }: Link): void {
    if (quality.bytesPerSecond === GOOD_LINE.bytesPerSecond) this.#history.record({ kind, device, link: id });
  }

  #noteLogin(link: Link, { syncEpoch, reset }: LoginAckFrame): void {
    const log = this.#logOf(link);
    log.tokens.shift();
    if (log.isLive) return this.#probes.hit("token_refreshed");
    log.isLive = true;
    log.epoch = syncEpoch;
    this.#history.record({ kind: "online", device: link.device, epoch: syncEpoch, link: link.id, node: nodeOf(link) });
    // The answer was on its way when its node stopped.
    if (link.server?.runtime.frozen === true) this.onDisturbed(link);
    if (reset) this.#probes.hit("reset");
  }

  #noteNack(link: Link, { clientId, code, syncEpoch: epoch }: NackFrame): void {
    const { device, id } = link;
    const token = clientId === 0 ? (this.#logOf(link).tokens.shift() ?? "") : "";
    if (clientId !== 0) this.#timeAnswer("answered", link);
    if (code === "busy" || code === "out_of_order") this.#probes.hit(code);
    if (RETRYABLE.has(code)) return;
    const operation = this.#logOf(link).operations.get(clientId);
    const isOverdue = code === "unauthenticated" && this.#office.wasOverdue(token);
    if (clientId === 0 && !isOverdue) {
      this.#history.record({ kind: "turned_away", device, code, link: id });
    }
    if (operation === undefined) return;
    if (this.#refused.has(operation)) this.#probes.hit("refused_again");
    this.#refused.add(operation);
    this.#history.record({ kind: "answer", operation, device, epoch, messageId: null, seq: 0, code });
  }

  #noteAck(link: Link, { clientId, messageId, seq, syncEpoch: epoch }: UplinkAckFrame): void {
    this.#timeAnswer("answered", link);
    const operation = this.#logOf(link).operations.get(clientId);
    if (operation === undefined) return;
    this.#storedIn.set(operation, epoch);
    this.#history.record({ kind: "answer", operation, device: link.device, epoch, messageId, seq, code: null });
  }

  #notePush(link: Link, { item }: PushFrame): void {
    const log = this.#logOf(link);
    if (log.lastPushed !== null && item.seq > log.lastPushed + 1) this.#probes.hit("gap");
    log.lastPushed = item.seq;
  }

  #logOf(link: Link): LinkLog {
    const known = this.#logs.get(link);
    if (known !== undefined) return known;
    const log = { operations: new Map(), lastPushed: null, epoch: "", hasKnocked: false, isLive: false, tokens: [] };
    this.#logs.set(link, log);
    return log;
  }
}

/** The machine at the other end; a login is sent only when there is one. */
function nodeOf({ server }: Link): NodeNumber {
  return server?.node ?? 0;
}
