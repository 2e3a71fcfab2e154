import type { ClientSocket, Dial } from "../../../client/contracts.js";
import { encodeText } from "../../../core/bytes.js";
import { decodeServerFrames, encodeClientFrame } from "../../../core/codec.js";
import type { ClientFrame, ServerFrame, UplinkAckFrame } from "../../../core/frames.js";
import { conversationKey, type InboxItem, type Seq, type Target, type UserId } from "../../../core/model.js";
import type { Runtime } from "../../../core/runtime.js";
import type { DeviceId, History, OperationId } from "../history.js";
import { shownItem } from "./shown-item.js";

const HEARTBEAT_MS = 120_000;
/** A message that was transmitted so often without an answer is given up. */
const MAX_TRIES = 4;
/** How long a person looks at a message without an answer before they open the application again, ms. */
export const PATIENCE_MS = 8_000;
/** A connection that was lost is made again after a while between these, ms. */
export const REDIAL_MS = { least: 300, most: 3_000 };

/** What a client of the original protocol stands on. */
export interface LegacySurroundings {
  readonly device: DeviceId;
  readonly userId: UserId;
  readonly runtime: Runtime;
  readonly history: Pick<History, "record">;
  readonly url: string;
  readonly dial: Dial;
  readonly token: () => string;
  /** After how long a lost connection is made again this time, ms; within {@link REDIAL_MS}. */
  readonly redialMs: () => number;
  /** A message is transmitted once more. */
  readonly onRetry: () => void;
}

interface Unanswered {
  readonly operation: OperationId;
  readonly target: Target;
  readonly text: string;
  tries: number;
  /** Since when nothing came of it, elapsed ms. */
  at: number;
}

/** One socket, as the original client knows it. */
interface Call {
  socket: ClientSocket;
  isSignedIn: boolean;
  lastId: number;
  /** When it was dialled, elapsed ms. */
  readonly at: number;
  readonly sent: Map<number, Unanswered>;
}

/**
 * A client that speaks only the original protocol, and naively: no instance, ids that count from 1 on each connection,
 * a cursor that is the highest seq it has seen anywhere, everything shown that comes, nothing recognised as a repeat.
 */
export class LegacyClient {
  readonly #around: LegacySurroundings;
  readonly #unanswered: Unanswered[] = [];
  #call: Call | null = null;
  #cursor: Seq = 0;
  #shown: Seq = 0;
  #composed = 0;
  #isClosed = false;

  constructor(around: LegacySurroundings) {
    this.#around = around;
  }

  get isSignedIn(): boolean {
    return this.#call?.isSignedIn === true;
  }

  /** Messages without an answer. */
  get waiting(): number {
    return this.#unanswered.length;
  }

  /** The highest seq of somebody else's message that was shown. */
  get shown(): Seq {
    return this.#shown;
  }

  /** Nothing has come of the connection that was dialled before `since`, or of a message transmitted before it, elapsed ms. */
  isStuck(since: number): boolean {
    if (this.#call === null || this.#call.at >= since) return false;
    return !this.#call.isSignedIn || this.#unanswered.some(({ at }) => at < since);
  }

  start(): void {
    const { history, device, userId } = this.#around;
    history.record({ kind: "opened", device, userId, author: "legacy", saved: [] });
    this.#dial();
  }

  /** @param forbidden the application's rules refuse it */
  send(target: Target, words: string, forbidden: boolean): void {
    const { history, device, userId, runtime } = this.#around;
    const operation = `${device}.${++this.#composed}`;
    const conversation = conversationKey(userId, target);
    history.record({
      kind: "invoke",
      operation,
      author: "legacy",
      userId,
      device,
      conversation,
      once: false,
      forbidden,
    });
    const message = { operation, target, text: `${operation} ${words}`, tries: 0, at: runtime.elapsed() };
    this.#unanswered.push(message);
    if (this.#call?.isSignedIn) this.#transmit(this.#call, message);
  }

  /** Gives the connection up and makes another. */
  hangUp(): void {
    const call = this.#call;
    this.#call = null;
    call?.socket.close(1000, "");
    this.#dial();
  }

  /** Gives the connection up, for good. */
  close(): void {
    this.#isClosed = true;
    this.#call?.socket.close(1000, "");
  }

  #dial(): void {
    if (this.#isClosed) return;
    const { runtime, url, dial } = this.#around;
    const call: Omit<Call, "socket"> = { isSignedIn: false, lastId: 0, at: runtime.elapsed(), sent: new Map() };
    const mine = call as Call;
    this.#call = mine;
    mine.socket = dial(url, {
      onOpen: () => this.#opened(mine),
      onFrame: (bytes) => {
        if (this.#call === mine) for (const frame of decodeServerFrames(bytes)) this.#read(mine, frame);
      },
      onClosed: () => this.#closed(mine),
    });
  }

  #opened(call: Call): void {
    this.#say(call, {
      kind: "login",
      token: this.#around.token(),
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
    this.#around.runtime.setTimer(this.#around.redialMs(), () => {
      if (this.#call === null) this.#dial();
    });
  }

  #beat(call: Call): void {
    this.#around.runtime.setTimer(HEARTBEAT_MS, () => {
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
    const { history, userId, runtime, onRetry } = this.#around;
    if (message.tries > 0) onRetry();
    if (message.tries++ >= MAX_TRIES) {
      history.record({ kind: "unknown", operation: message.operation });
      this.#forget(message);
      return;
    }
    const clientId = ++call.lastId;
    call.sent.set(clientId, message);
    message.at = runtime.elapsed();
    this.#say(call, {
      kind: "uplink",
      clientId,
      afterClientId: 0,
      sessionType: message.target.kind === "single" ? 1 : 2,
      receiver: message.target.id,
      sender: userId,
      type: 1,
      content: encodeText(message.text),
      clientTime: runtime.now(),
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
    const { history, device, userId } = this.#around;
    this.#cursor = Math.max(this.#cursor, item.seq);
    if (item.message.senderId === userId) return;
    this.#shown = Math.max(this.#shown, item.seq);
    history.record({ kind: "shown", device, userId, item: shownItem(item, "") });
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
