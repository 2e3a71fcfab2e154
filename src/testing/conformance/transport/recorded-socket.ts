import type { Socket, SocketListener } from "../../../adapters/contracts/transport.js";

/** Writes down everything one socket tells, in order, and what it tells after its end. */
export class RecordedSocket implements SocketListener {
  readonly socket: Socket;
  /** Copies of the messages. */
  readonly frames: Uint8Array[] = [];
  flushed = 0;
  alive = 0;
  /** Codes of `onClosed`: exactly one in the end. */
  readonly closed: number[] = [];
  /** Names of the calls that came after `onClosed`: none. */
  readonly late: string[] = [];
  /** Runs inside `onFrame`, after the message was written down. */
  whenFrame: () => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  onFrame(bytes: Uint8Array): void {
    this.#note("onFrame");
    this.frames.push(bytes.slice());
    this.whenFrame();
  }

  onFlushed(): void {
    this.#note("onFlushed");
    this.flushed++;
  }

  onAlive(): void {
    this.#note("onAlive");
    this.alive++;
  }

  onClosed(code: number): void {
    this.#note("onClosed");
    this.closed.push(code);
  }

  #note(call: string): void {
    if (this.closed.length > 0) this.late.push(call);
  }
}
