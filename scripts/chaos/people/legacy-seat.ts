import type { ClientSocket } from "../../../src/client/contracts.js";
import { encodeText } from "../../../src/core/bytes.js";
import { decodeServerFrames, encodeClientFrame } from "../../../src/core/codec.js";
import type { ClientFrame, ServerFrame, UplinkAckFrame } from "../../../src/core/frames.js";
import { conversationKey, type InboxItem, type Seq, type Target, type UserId } from "../../../src/core/model.js";
import { shownItem } from "../../../src/testing/simulation/actors/shown-item.js";
import type { DeviceId, OperationId, Problem } from "../../../src/testing/simulation/history.js";
import type { CastDevice } from "./cast.js";
import { MortalRuntime } from "./mortal-runtime.js";
import type { InboxView, Seat } from "./seat.js";
import type { SeatSurroundings } from "./seat-surroundings.js";
import { Wires } from "./wire.js";

const HEARTBEAT_MS = 120_000;
/** A message that was transmitted so often without an answer is given up. */
const MAX_TRIES = 4;
/** How long a person looks at a message without an answer, or at an application that does not sign in, before they open it again. */
const PATIENCE_MS = 8_000;
const REDIAL_MS = { least: 300, most: 3_000 };

interface Unanswered {
  readonly operation: OperationId;
  readonly target: Target;
  readonly text: string;
  tries: number;
  /** Since when nothing came of it, by the runtime. */
  at: number;
}

/** One socket, as the original client knows it. */
interface Call {
  socket: ClientSocket;
  isSignedIn: boolean;
  lastId: number;
  readonly at: number;
  readonly sent: Map<number, Unanswered>;
}

/**
 * A client that speaks only the original protocol, and naively, as the simulator's: no instance, ids that count from 1 on each
 * connection, a cursor that is the highest seq it has seen anywhere, everything shown that comes, nothing recognised as a repeat.
 */
export class LegacySeat implements Seat {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly isLegacy = true;
  /** It takes part only where every device is let in. */
  readonly isSidelined = false;
  readonly #around: SeatSurroundings;
  readonly #runtime = new MortalRuntime();
  readonly #wires: Wires;
  readonly #unanswered: Unanswered[] = [];
  #call: Call | null = null;
  #cursor: Seq = 0;
  /** The highest seq of somebody else's message. */
  #shown: Seq = 0;
  #composed = 0;
  #isClosed = false;

  constructor({ id, userId }: CastDevice, around: SeatSurroundings) {
    this.id = id;
    this.userId = userId;
    this.#around = around;
    this.#wires = new Wires(around.ear, id);
  }

  get waiting(): number {
    return this.#unanswered.length;
  }

  start(): void {
    const { id: device, userId } = this;
    this.#around.history.record({ kind: "opened", device, userId, author: "legacy", saved: [] });
    this.#dial();
    this.#look();
  }

  /** The original has no store: an application that starts again has seen nothing, which proves nothing. */
  kill(): void {}

  send(target: Target, words: string): void {
    const operation = `${this.id}.${++this.#composed}`;
    const { userId, id: device } = this;
    const conversation = conversationKey(userId, target);
    this.#around.history.record({
      kind: "invoke",
      operation,
      author: "legacy",
      userId,
      device,
      conversation,
      once: false,
      forbidden: false,
    });
    const message = { operation, target, text: `${operation} ${words}`, tries: 0, at: this.#runtime.elapsed() };
    this.#unanswered.push(message);
    if (this.#call?.isSignedIn) this.#transmit(this.#call, message);
  }

  heal(): void {}

  problems({ lastReceived }: InboxView): readonly Problem[] {
    const who = this.id;
    if (!this.#call?.isSignedIn) return [{ what: "cannot_log_in", who }];
    return [
      ...(this.#shown < lastReceived ? [{ what: "behind", who } as const] : []),
      ...(this.waiting > 0 ? [{ what: "unsettled", who } as const] : []),
    ];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#runtime.kill();
    this.#wires.drop();
  }

  /** The person: opens the application again when nothing comes of what they do. */
  #look(): void {
    this.#runtime.setTimer(1_000, () => {
      const longAgo = this.#runtime.elapsed() - PATIENCE_MS;
      const isStuck = this.#unanswered.some(({ at }) => at < longAgo);
      const isOutside = this.#call !== null && !this.#call.isSignedIn;
      if ((isStuck || isOutside) && this.#call !== null && this.#call.at < longAgo) this.#hangUp();
      this.#look();
    });
  }

  #dial(): void {
    if (this.#isClosed) return;
    const call: Omit<Call, "socket"> = { isSignedIn: false, lastId: 0, at: this.#runtime.elapsed(), sent: new Map() };
    const mine = call as Call;
    this.#call = mine;
    mine.socket = this.#wires.dial(this.#runtime)(this.#around.url, {
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
    this.#say(call, {
      kind: "login",
      token: this.#around.token(this.userId),
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
    const { least, most } = REDIAL_MS;
    this.#runtime.setTimer(least + this.#runtime.random() * (most - least), () => {
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
    if (message.tries++ >= MAX_TRIES) {
      this.#around.history.record({ kind: "unknown", operation: message.operation });
      this.#forget(message);
      return;
    }
    const clientId = ++call.lastId;
    call.sent.set(clientId, message);
    message.at = this.#runtime.elapsed();
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
    this.#around.history.record({ kind: "ack", operation: message.operation, messageId, seq });
  }

  /** Shows whatever comes, unless this user wrote it. */
  #take(item: InboxItem): void {
    this.#cursor = Math.max(this.#cursor, item.seq);
    if (item.message.senderId === this.userId) return;
    this.#shown = Math.max(this.#shown, item.seq);
    const { id: device, userId } = this;
    this.#around.history.record({ kind: "shown", device, userId, item: shownItem(item, "") });
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
