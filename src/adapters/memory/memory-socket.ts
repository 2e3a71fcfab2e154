import { CLOSE } from "../../core/close-codes.js";
import type { Socket, SocketListener } from "../contracts/transport.js";
import type { MemoryPipe } from "./memory-pipe.js";

/** RFC 6455: "internal error", for a listener that threw. */
const INTERNAL_ERROR = 1011;

/** The server's end of two pipes. */
export class MemorySocket implements Socket {
  readonly address: string;
  /** Settles when the socket is over and its listener knows. */
  readonly ended: Promise<void>;
  readonly #incoming: MemoryPipe;
  readonly #outgoing: MemoryPipe;
  readonly #maxFrameBytes: number;
  #resolveEnded: () => void = () => undefined;
  #listener: SocketListener | null = null;
  #deaf = false;

  constructor(address: string, incoming: MemoryPipe, outgoing: MemoryPipe, maxFrameBytes: number) {
    this.address = address;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#maxFrameBytes = maxFrameBytes;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Starts reading. `null` when nobody listens: then the end is all that is waited for. */
  listen(listener: SocketListener | null): void {
    this.#listener = listener;
    this.#outgoing.onTaken(() => this.#tell((told) => told.onFlushed()));
    this.#incoming.read({ onFrame: (bytes) => this.#onFrame(bytes), onEnd: (code) => this.#onEnd(code) });
    if (listener === null) this.close(INTERNAL_ERROR, "internal error");
  }

  get bufferedBytes(): number {
    return this.#outgoing.bufferedBytes;
  }

  send(bytes: Uint8Array): void {
    this.#outgoing.write(bytes);
  }

  pause(): void {
    if (!this.#deaf) this.#incoming.pause();
  }

  resume(): void {
    this.#incoming.resume();
  }

  ping(): void {
    if (!this.#deaf) setImmediate(() => this.#tell((told) => told.onAlive()));
  }

  /** No goodbye gets lost here, and a peer that stopped reading is made to read on: no deadline is needed. */
  close(code: number, _reason: string): void {
    this.#deaf = true;
    this.#incoming.resume();
    this.#outgoing.end(code);
    this.#outgoing.resume();
  }

  terminate(): void {
    this.#deaf = true;
    this.#incoming.breakOff();
    this.#outgoing.breakOff();
  }

  #onFrame(bytes: Uint8Array): void {
    if (this.#deaf) return;
    if (bytes.length > this.#maxFrameBytes) this.close(CLOSE.tooLarge, "message too large");
    else this.#tell((listener) => listener.onFrame(bytes));
  }

  #onEnd(code: number): void {
    const listener = this.#listener;
    this.#listener = null;
    this.close(code, "");
    try {
      listener?.onClosed(code);
    } catch {
      // There is nothing left to close, and one socket's trouble is not the process's.
    }
    this.#resolveEnded();
  }

  #tell(event: (listener: SocketListener) => void): void {
    if (this.#listener === null) return;
    try {
      event(this.#listener);
    } catch {
      this.close(INTERNAL_ERROR, "internal error");
    }
  }
}
