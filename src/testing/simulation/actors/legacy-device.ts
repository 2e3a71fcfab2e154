import type { ClientSocket } from "../../../client/contracts.js";
import { encodeText } from "../../../core/bytes.js";
import { decodeServerFrames, encodeClientFrame } from "../../../core/codec.js";
import type { ClientFrame, ServerFrame, UplinkAckFrame } from "../../../core/frames.js";
import { conversationKey, type InboxItem, type Seq, type Target, type UserId } from "../../../core/model.js";
import { VirtualRuntime } from "../../fakes/virtual-time.js";
import type { DeviceId, OperationId, Problem } from "../history.js";
import type { World } from "../world.js";
import type { Device } from "./device.js";
import { isForbidden } from "./house-rules.js";
import { shownItem } from "./shown-item.js";

const HEARTBEAT_MS = 120_000;
/** A message that was transmitted so often without an answer is given up. */
const MAX_TRIES = 4;
/** How long a person looks at a message without an answer before they open the application again. */
const PATIENCE_MS = 8_000;

interface Unanswered {
  readonly operation: OperationId;
  readonly target: Target;
  readonly text: string;
  tries: number;
}

/** One socket, as the original client knows it. */
interface Call {
  socket: ClientSocket;
  isOpen: boolean;
  isSignedIn: boolean;
  lastId: number;
  readonly sent: Map<number, Unanswered>;
}

/**
 * A client that speaks only the original protocol, and naively: no instance, ids that count from 1 on each connection,
 * a cursor that is the highest seq it has seen anywhere, everything shown that comes, nothing recognised as a repeat.
 */
export class LegacyDevice implements Device {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly #world: World;
  readonly #runtime: VirtualRuntime;
  readonly #unanswered: Unanswered[] = [];
  #call: Call | null = null;
  #cursor: Seq = 0;
  /** The highest seq of somebody else's message. */
  #shown: Seq = 0;
  #composed = 0;
  #isClosed = false;

  constructor(world: World, id: DeviceId, userId: UserId) {
    this.#world = world;
    this.id = id;
    this.userId = userId;
    this.#runtime = new VirtualRuntime(world.time, world.random.uint32());
  }

  start(): void {
    const { id: device, userId } = this;
    this.#world.history.record({ kind: "opened", device, userId, author: "legacy", saved: [] });
    this.#dial();
  }

  /** The original has no store: an application that starts again has seen nothing, which proves nothing. */
  kill(): void {}

  send(target: Target, words: string): void {
    const operation = `${this.id}.${++this.#composed}`;
    const { userId, id: device } = this;
    const conversation = conversationKey(userId, target);
    this.#world.history.record({
      kind: "invoke",
      operation,
      author: "legacy",
      userId,
      device,
      conversation,
      once: false,
      forbidden: isForbidden(words),
    });
    const message = { operation, target, text: `${operation} ${words}`, tries: 0 };
    this.#unanswered.push(message);
    if (this.#call?.isSignedIn) this.#transmit(this.#call, message);
  }

  /** It takes part only where every device is let in. */
  readonly isSidelined = false;

  async leave(): Promise<void> {}

  jumpClock(ms: number): void {
    this.#runtime.jumpClock(ms);
  }

  heal(): void {
    this.#lookAgain();
  }

  problems(): readonly Problem[] {
    const who = this.id;
    if (!this.#call?.isSignedIn) return [{ what: "cannot_log_in", who }];
    const isBehind = this.#shown < this.#world.site.lastReceived(this.userId);
    return [
      ...(isBehind ? [{ what: "behind", who } as const] : []),
      ...(this.#unanswered.length > 0 ? [{ what: "unsettled", who } as const] : []),
    ];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#call?.socket.close(1000, "");
  }

  #lookAgain(): void {
    if (this.#isClosed) return;
    if (this.#unanswered.length > 0 || !this.#call?.isSignedIn) this.#hangUp();
    this.#runtime.setTimer(PATIENCE_MS, () => this.#lookAgain());
  }

  #dial(): void {
    if (this.#isClosed) return;
    const call: Partial<Call> & Omit<Call, "socket"> = { isOpen: false, isSignedIn: false, lastId: 0, sent: new Map() };
    const mine = call as Call;
    this.#call = mine;
    call.socket = this.#world.network.dial(this.id, this.#runtime)("ws://simulated", {
      onOpen: () => this.#opened(mine),
      onFrame: (bytes) => {
        if (this.#call === mine) for (const frame of decodeServerFrames(bytes)) this.#read(mine, frame);
      },
      onClosed: () => this.#closed(mine),
    });
  }

  /** Gives the connection up and makes another. */
  #hangUp(): void {
    const call = this.#call;
    this.#call = null;
    call?.socket.close(1000, "");
    this.#dial();
  }

  #opened(call: Call): void {
    call.isOpen = true;
    this.#say(call, {
      kind: "login",
      token: this.userId,
      instanceId: null,
      cursor: 0,
      cursorMessageId: null,
      syncEpoch: "",
      caps: 0,
      deviceKind: "",
    });
    this.#beat(call);
  }

  #closed(call: Call): void {
    if (this.#call !== call) return;
    this.#call = null;
    this.#runtime.setTimer(this.#world.random.between(300, 3_000), () => {
      if (this.#call === null) this.#dial();
    });
  }

  #beat(call: Call): void {
    this.#runtime.setTimer(HEARTBEAT_MS, () => {
      if (this.#call !== call) return;
      this.#say(call, { kind: "heartbeat", cursor: 0, headSeq: 0, serverTime: 0 });
      this.#beat(call);
    });
  }

  #read(call: Call, frame: ServerFrame): void {
    if (frame.kind === "login_ack") this.#signedIn(call);
    else if (frame.kind === "push") this.#take(frame.item);
    else if (frame.kind === "uplink_ack") this.#acknowledged(call, frame);
    else if (frame.kind === "sync_page" && frame.code === null) {
      for (const item of frame.items) this.#take(item);
      if (frame.hasMore) this.#sync(call);
    }
  }

  #signedIn(call: Call): void {
    call.isSignedIn = true;
    this.#sync(call);
    for (const message of [...this.#unanswered]) this.#transmit(call, message);
  }

  #sync(call: Call): void {
    this.#say(call, { kind: "sync", seq: this.#cursor, limit: 0, syncEpoch: "" });
  }

  #transmit(call: Call, message: Unanswered): void {
    if (message.tries > 0) this.#world.probes.hit("legacy_retry");
    if (message.tries++ >= MAX_TRIES) {
      this.#world.history.record({ kind: "unknown", operation: message.operation });
      this.#forget(message);
      return;
    }
    const clientId = ++call.lastId;
    call.sent.set(clientId, message);
    this.#say(call, {
      kind: "uplink",
      clientId,
      afterClientId: 0,
      sessionType: message.target.kind === "single" ? 1 : 2,
      receiver: message.target.id,
      sender: this.userId,
      type: 1,
      content: encodeText(message.text),
      clientTime: this.#runtime.now(),
    });
  }

  #acknowledged(call: Call, { clientId, messageId, seq }: UplinkAckFrame): void {
    this.#cursor = Math.max(this.#cursor, seq);
    const message = call.sent.get(clientId);
    if (message === undefined || !this.#forget(message)) return;
    this.#world.history.record({ kind: "ack", operation: message.operation, messageId, seq });
  }

  /** Shows whatever comes, unless this user wrote it. */
  #take(item: InboxItem): void {
    this.#cursor = Math.max(this.#cursor, item.seq);
    if (item.message.senderId === this.userId) return;
    this.#shown = Math.max(this.#shown, item.seq);
    const { id: device, userId } = this;
    this.#world.history.record({ kind: "shown", device, userId, item: shownItem(item, "") });
  }

  #forget(message: Unanswered): boolean {
    const index = this.#unanswered.indexOf(message);
    if (index >= 0) this.#unanswered.splice(index, 1);
    return index >= 0;
  }

  #say(call: Call, frame: ClientFrame): void {
    if (this.#call === call) call.socket.send(encodeClientFrame(frame));
  }
}
