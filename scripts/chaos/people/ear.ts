import { decodeText } from "../../../src/core/bytes.js";
import { decodeClientFrame, decodeServerFrames } from "../../../src/core/codec.js";
import type { WireCode } from "../../../src/core/errors.js";
import type { LoginAckFrame, NackFrame, ServerFrame, UplinkAckFrame } from "../../../src/core/frames.js";
import {
  type DeviceId,
  type History,
  type LinkId,
  type OperationId,
  operationOf,
} from "../../../src/testing/simulation/history.js";
import type { NodeEvent, Place } from "./place.js";

/** Not the last word: the client repeats. */
const RETRYABLE: ReadonlySet<WireCode> = new Set(["busy", "out_of_order", "rate_limited"]);

/** What was heard on one connection. */
export interface HeardLink {
  readonly id: LinkId;
  readonly device: DeviceId;
  readonly operations: Map<number, OperationId>;
  /** 0 before it is open. */
  port: number;
  node: number;
  /** `null` before the login was accepted. */
  epoch: string | null;
  isOver: boolean;
  hasBadWeather: boolean;
}

/** Listens to all connections, and writes logins and answers into the history, as the simulator's tap does. */
export class Ear {
  readonly #history: History;
  readonly #place: Place;
  readonly #links = new Map<DeviceId, HeardLink>();
  readonly #badPorts = new Set<number>();
  readonly #frozenNodes = new Set<number>();
  /** When the last uplink was acknowledged by each node, ms since the beginning. */
  readonly #ackedAt = new Map<number, number>();
  readonly #elapsed: () => number;
  #opened = 0;

  /** @param elapsed the clock of the history */
  constructor(history: History, place: Place, elapsed: () => number) {
    this.#history = history;
    this.#place = place;
    this.#elapsed = elapsed;
    place.front.onDisturbed((port, isDisturbed) => this.#weather(port, isDisturbed));
    place.onNode((node, what) => this.#node(node, what));
  }

  /** How many devices have a login that was accepted, on a connection that is not over. */
  get signedIn(): number {
    return [...this.#links.values()].filter(({ epoch, isOver }) => epoch !== null && !isOver).length;
  }

  /** When an uplink was last acknowledged by a node, ms since the beginning; `null` for never. */
  ackedOn(node: number): number | null {
    return this.#ackedAt.get(node) ?? null;
  }

  /** The node a device is signed in at; `null` when it is not. */
  nodeOf(device: DeviceId): number | null {
    const link = this.#links.get(device);
    return link === undefined || link.epoch === null || link.isOver ? null : link.node;
  }

  /** A device dials: from now on this is its connection. */
  open(device: DeviceId): HeardLink {
    const link: HeardLink = {
      id: ++this.#opened,
      device,
      operations: new Map(),
      port: 0,
      node: 0,
      epoch: null,
      isOver: false,
      hasBadWeather: false,
    };
    this.#links.set(device, link);
    return link;
  }

  connected(link: HeardLink, port: number): void {
    link.port = port;
    link.hasBadWeather = this.#badPorts.has(port);
  }

  over(link: HeardLink): void {
    if (link.isOver) return;
    link.isOver = true;
    if (this.#links.get(link.device) === link) this.#history.record({ kind: "offline", device: link.device });
  }

  said(link: HeardLink, bytes: Uint8Array): void {
    const frame = decodeClientFrame(bytes);
    const { device, id } = link;
    if (frame.kind === "login") {
      link.node = this.#place.front.nodeOf(link.port) ?? link.node;
      this.#history.record({ kind: "knocked", device, link: id, node: link.node });
      if (this.#isDisturbed(link)) this.#history.record({ kind: "offline", device });
    }
    if (frame.kind !== "uplink") return;
    link.operations.set(frame.clientId, operationOf(decodeText(frame.content)));
    if (!this.#isDisturbed(link)) this.#history.record({ kind: "uplink", device, link: id });
  }

  heard(link: HeardLink, bytes: Uint8Array): void {
    if (!link.isOver) for (const frame of decodeServerFrames(bytes)) this.#note(link, frame);
  }

  #note(link: HeardLink, frame: ServerFrame): void {
    if (frame.kind === "login_ack") this.#noteLogin(link, frame);
    else if (frame.kind === "nack") this.#noteNack(link, frame);
    else if (frame.kind === "uplink_ack") this.#noteAck(link, frame);
  }

  #noteLogin(link: HeardLink, { syncEpoch }: LoginAckFrame): void {
    if (link.epoch !== null) return;
    link.epoch = syncEpoch;
    this.#tellOnline(link);
  }

  #tellOnline({ device, id, node, epoch, ...rest }: HeardLink): void {
    this.#history.record({ kind: "online", device, epoch: epoch ?? "", link: id, node });
    if (this.#isDisturbed({ ...rest, node })) this.#history.record({ kind: "offline", device });
  }

  #noteNack(link: HeardLink, { clientId, code, syncEpoch: epoch }: NackFrame): void {
    const { device, id } = link;
    if (clientId !== 0) this.#history.record({ kind: "answered", device, link: id });
    if (RETRYABLE.has(code)) return;
    if (clientId === 0) this.#history.record({ kind: "turned_away", device, code, link: id });
    const operation = link.operations.get(clientId);
    if (operation === undefined) return;
    this.#history.record({ kind: "answer", operation, device, epoch, messageId: null, seq: 0, code });
  }

  #noteAck(link: HeardLink, { clientId, messageId, seq, syncEpoch: epoch }: UplinkAckFrame): void {
    const { device, id, node } = link;
    this.#ackedAt.set(node, this.#elapsed());
    this.#history.record({ kind: "answered", device, link: id });
    const operation = link.operations.get(clientId);
    if (operation === undefined) return;
    this.#history.record({ kind: "answer", operation, device, epoch, messageId, seq, code: null });
  }

  #isDisturbed({ hasBadWeather, node }: Pick<HeardLink, "hasBadWeather" | "node">): boolean {
    return hasBadWeather || this.#frozenNodes.has(node);
  }

  #weather(port: number, isDisturbed: boolean): void {
    if (isDisturbed) this.#badPorts.add(port);
    else this.#badPorts.delete(port);
    const isIts = (link: HeardLink) => link.port === port;
    this.#change(isIts, (link) => {
      link.hasBadWeather = isDisturbed;
    });
  }

  #node(node: number, what: NodeEvent): void {
    const isIts = (link: HeardLink) => link.node === node;
    if (what === "frozen") this.#change(isIts, () => this.#frozenNodes.add(node));
    // Whoever dies while it stands still stands still no more.
    else if (what === "thawed" || what === "crash") this.#change(isIts, () => this.#frozenNodes.delete(node));
    if (what !== "serving") this.#history.record({ kind: what, node });
  }

  /** What is disturbed is offline, as far as anybody is to be judged; what is sound again and has a login is online. */
  #change(isIts: (link: HeardLink) => boolean, change: (link: HeardLink) => void): void {
    const concerned = [...this.#links.values()].filter((link) => isIts(link) && link.port !== 0 && !link.isOver);
    const before = new Map(concerned.map((link) => [link, this.#isDisturbed(link)]));
    if (concerned.length === 0) change({} as HeardLink);
    for (const link of concerned) change(link);
    for (const [link, was] of before) {
      const is = this.#isDisturbed(link);
      if (is && !was) this.#history.record({ kind: "offline", device: link.device });
      if (!is && was && link.epoch !== null) this.#tellOnline(link);
    }
  }
}
