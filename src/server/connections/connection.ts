import type { Socket, SocketListener } from "../../adapters/contracts/index.js";
import { CLOSE } from "../../core/close-codes.js";
import { decodeClientFrame, encodeServerFrame } from "../../core/codec.js";
import { isImError } from "../../core/errors.js";
import type { ClientFrame, ServerFrame } from "../../core/frames.js";
import type { Seq, UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import type { Limits } from "../limits.js";
import type { Report } from "../report.js";
import { closeReason } from "./close-reason.js";
import { Lane } from "./lane.js";
import type { PumpOutlet, PumpPage } from "./pump.js";
import type { Session } from "./session.js";
import { Stream } from "./stream.js";
import { UplinkGate } from "./uplink-gate.js";
import { Vitals } from "./vitals.js";
import { Writer } from "./writer.js";

/** What a command answers: at once, later (the next command does not wait for it), or nothing. */
export interface Answer {
  readonly reply?: ServerFrame;
  /** Runs after `reply` was written. */
  readonly after?: () => void;
  /** `null` answers nothing; a rejection ends the connection. */
  readonly later?: Promise<ServerFrame | null>;
}

/** What all connections of a node share. */
export interface ConnectionServices {
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly report: Report;
  /** Carries out one frame. A throw ends the connection, nothing else. */
  readonly handle: (connection: Connection, frame: ClientFrame) => Answer | Promise<Answer>;
  readonly readPage: (userId: UserId, after: Seq) => Promise<PumpPage>;
  /** The mark at which pumps stop just now. */
  readonly highWaterBytes: () => number;
  /** Told once, when a connection has ended. */
  readonly onEnded: (connection: Connection) => void;
  /** Told once, when the socket itself is gone; it may flush for a while after the end. */
  readonly onSocketClosed: () => void;
}

/** One socket with its state: open → signing in → signed in → ended. */
export class Connection implements SocketListener {
  readonly id: number;
  readonly writer: Writer;
  readonly address: string;
  /** Elapsed ms. */
  readonly openedAt: number;
  readonly #socket: Socket;
  readonly #services: ConnectionServices;
  readonly #vitals: Vitals;
  readonly #gate: UplinkGate;
  readonly #lane: Lane;
  #session: Session | null = null;
  #stream: Stream | null = null;
  #loginBegun = false;
  #isReading = true;
  #draining = false;
  #ended = false;

  constructor(id: number, socket: Socket, services: ConnectionServices) {
    const now = services.runtime.elapsed();
    this.id = id;
    this.address = socket.address;
    this.openedAt = now;
    this.#socket = socket;
    this.#services = services;
    this.writer = new Writer(socket, services.runtime);
    this.#vitals = new Vitals(services.limits, now);
    this.#gate = new UplinkGate(services.limits, now);
    const owner = {
      carryOut: (frame: ClientFrame) => this.#carryOut(frame),
      // Twice the mark of the pump, so that only answers can use it up.
      hasRoom: () => this.writer.bufferedBytes <= 2 * services.highWaterBytes(),
      setReading: (on: boolean) => this.#setReading(on),
    };
    this.#lane = new Lane(owner, this.#gate, services.runtime);
  }

  /** Who is signed in; `null` before. */
  get session(): Session | null {
    return this.#session;
  }

  /** The session's inbox on its way to the client; `null` before. */
  get stream(): Stream | null {
    return this.#stream;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Everything received has its answer. */
  get isIdle(): boolean {
    return this.#lane.isIdle && this.#gate.isIdle;
  }

  // --- from the socket -------------------------------------------------------------------------------------------

  onFrame(bytes: Uint8Array): void {
    if (this.#ended) return;
    const now = this.#services.runtime.elapsed();
    this.#vitals.heard(now);
    const frame = this.#decode(bytes);
    if (frame === null) return;
    if (frame.kind === "uplink") this.#gate.received(now);
    if (!this.#lane.push(frame)) this.end(CLOSE.flooding, "too many frames at once");
  }

  onFlushed(): void {
    this.#stream?.flushed();
    this.#lane.run();
  }

  onAlive(): void {
    this.#vitals.heard(this.#services.runtime.elapsed());
    this.#stream?.alive();
  }

  onClosed(): void {
    this.#finish();
    this.#services.onSocketClosed();
  }

  // --- for the commands ------------------------------------------------------------------------------------------

  /** True the first time: a login is legal once. */
  beginLogin(): boolean {
    if (this.#loginBegun) return false;
    this.#loginBegun = true;
    this.#vitals.loginBegun(this.#services.runtime.elapsed());
    return true;
  }

  /** Who this is, is known. Hints are noted from now on; the head is read only after this. */
  enter(session: Session): void {
    const { limits, runtime } = this.#services;
    this.#session = session;
    this.#stream = new Stream(session, this.#outlet(session.userId), limits, runtime);
  }

  /** The login is complete; the idle deadline replaces the login's. */
  signedIn(session: Session): void {
    this.#vitals.signedIn(session.isLegacy);
    this.writer.keepOrder = session.isLegacy;
  }

  /** Writes one answer. */
  reply(frame: ServerFrame): void {
    if (!this.#ended) this.writer.reply(encodeServerFrame(frame));
  }

  // --- endings ---------------------------------------------------------------------------------------------------

  /** Says why and closes: what was written before still leaves. */
  end(code: number, reason: string, last?: ServerFrame): void {
    if (this.#ended) return;
    if (last !== undefined) this.reply(last);
    this.writer.flush();
    this.#finish();
    this.#socket.close(code, closeReason(reason));
  }

  /** Ends a session for a reason the client should show: a kick frame first, then the close. */
  kick(code: number, text: string): void {
    this.end(code, text, { kind: "kick", code, text });
  }

  /** The node leaves: no more is read, what was read is still answered. */
  drain(reconnectAfterMs: number): void {
    if (this.#ended || this.#draining) return;
    this.reply({ kind: "go_away", reconnectAfterMs });
    this.#draining = true;
    this.#setReading(false);
  }

  /** Looks at the deadlines; to be called about once a second. */
  check(): void {
    const { runtime } = this.#services;
    const now = runtime.elapsed();
    if (this.#session !== null && this.#session.expiresAt <= runtime.now()) {
      this.kick(CLOSE.unauthenticated, "token expired");
    }
    if (this.#gate.isFlooded(now)) this.end(CLOSE.flooding, "ignores the window");
    const verdict = this.#vitals.check(now, this.writer.flushedBytes, this.writer.bufferedBytes);
    if (verdict !== null) this.end(verdict.code, verdict.reason);
    if (this.#ended) return;
    const asksForLife = this.#stream?.check() === true;
    if (!this.#vitals.pingDue(now) && !asksForLife) return;
    this.#stream?.pinged();
    this.#socket.ping();
  }

  // --- inside ----------------------------------------------------------------------------------------------------

  #decode(bytes: Uint8Array): ClientFrame | null {
    try {
      return decodeClientFrame(bytes);
    } catch (error) {
      this.end(CLOSE.badFrame, isImError(error) ? error.message : "not a frame");
      return null;
    }
  }

  #carryOut(frame: ClientFrame): void | Promise<void> {
    try {
      const answer = this.#services.handle(this, frame);
      if (!(answer instanceof Promise)) return this.#give(answer, frame);
      return answer.then((given) => this.#give(given, frame)).catch((error) => this.#fail(error, frame));
    } catch (error) {
      this.#fail(error, frame);
    }
  }

  #give(answer: Answer, frame: ClientFrame): void {
    answer.later?.then((reply) => this.#answerLater(reply)).catch((error) => this.#fail(error, frame));
    if (this.#ended) return;
    if (answer.reply !== undefined) this.#answerNow(answer.reply);
    answer.after?.();
  }

  #answerNow(frame: ServerFrame): void {
    this.reply(frame);
    if (frame.kind === "nack" && frame.clientId !== 0) this.#gate.answered(this.#services.runtime.elapsed());
  }

  #answerLater(frame: ServerFrame | null): void {
    if (this.#ended) return;
    if (frame !== null) this.reply(frame);
    this.#gate.answered(this.#services.runtime.elapsed());
    this.#lane.run();
  }

  #fail(error: unknown, frame: ClientFrame): void {
    if (this.#ended) return;
    const fields = { connection: this.id, userId: this.#session?.userId, frame: frame.kind };
    this.#services.report("command", error, fields);
    this.end(CLOSE.restart, "internal error");
  }

  #setReading(on: boolean): void {
    const reading = on && !this.#draining;
    if (this.#ended || reading === this.#isReading) return;
    this.#isReading = reading;
    this.#vitals.reading(reading, this.#services.runtime.elapsed());
    if (reading) this.#socket.resume();
    else this.#socket.pause();
  }

  #outlet(userId: UserId): PumpOutlet {
    const { report, readPage, highWaterBytes } = this.#services;
    return {
      read: (after) => readPage(userId, after),
      write: (output) => this.writer.push(output),
      bufferedBytes: () => this.writer.bufferedBytes,
      highWaterBytes,
      onOtherEpoch: () => this.end(CLOSE.restart, "the storage was restored; log in again"),
      onReadFailed: (error) => report("read-inbox", error, { userId }),
    };
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#lane.close();
    this.#stream?.close();
    this.#services.onEnded(this);
  }
}
