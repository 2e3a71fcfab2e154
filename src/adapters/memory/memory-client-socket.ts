import type { MemoryPipe } from "./memory-pipe.js";

/** What the dialling side is told: shaped like the client's own contract, which an adapter may not import. */
export interface MemoryClientListener {
  onOpen(): void;
  /** One message. The bytes are the sender's own: never change them. */
  onFrame(bytes: Uint8Array): void;
  /** The end, once; also when it never opened. `code` is 1006 without a goodbye. */
  onClosed(code: number): void;
}

/** The dialling end of two pipes. */
export class MemoryClientSocket {
  readonly #incoming: MemoryPipe;
  readonly #outgoing: MemoryPipe;
  readonly #listener: MemoryClientListener;
  #state: "dialling" | "open" | "closing" = "dialling";

  constructor(incoming: MemoryPipe, outgoing: MemoryPipe, listener: MemoryClientListener) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#listener = listener;
  }

  /** Starts reading: first what the server decided about the arrival. */
  listen(): void {
    this.#incoming.read({ onFrame: (bytes) => this.#onFrame(bytes), onEnd: (code) => this.#onEnd(code) });
  }

  /** The server has let this end in. */
  open(): void {
    this.#state = "open";
    this.#listener.onOpen();
  }

  /** Sends one message; silent unless open. `bytes` must not change afterwards. */
  send(bytes: Uint8Array): void {
    if (this.#state === "open") this.#outgoing.write(bytes);
  }

  /** Says goodbye; `onClosed` follows with what the server answers. Before `onOpen` it calls the arrival off (1006). */
  close(code: number, _reason: string): void {
    if (this.#state === "dialling") this.drop();
    this.#state = "closing";
    this.#incoming.resume();
    this.#outgoing.end(code);
  }

  /** Takes no more frames until `resume` or a goodbye from either side: a slow reader to try things out with. */
  pause(): void {
    if (this.#state !== "closing") this.#incoming.pause();
  }

  /** Reads on. */
  resume(): void {
    this.#incoming.resume();
  }

  /** Vanishes without a goodbye. */
  drop(): void {
    this.#state = "closing";
    this.#incoming.breakOff();
    this.#outgoing.breakOff();
  }

  #onFrame(bytes: Uint8Array): void {
    if (this.#state === "open") this.#listener.onFrame(bytes);
  }

  #onEnd(code: number): void {
    this.#state = "closing";
    this.#outgoing.end(code);
    this.#listener.onClosed(code);
  }
}
