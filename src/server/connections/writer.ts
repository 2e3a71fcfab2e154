import type { Socket } from "../../adapters/contracts/index.js";
import { encodeBatch } from "../../core/codec.js";
import type { Runtime } from "../../core/runtime.js";

/**
 * Collects what becomes ready for one socket in one turn of the event loop and sends it as one frame: fewer writes are
 * what makes a socket cheap. Replies stand before pushes, unless the order of both is asked for.
 */
export class Writer {
  readonly #socket: Socket;
  readonly #runtime: Runtime;
  #replies: Uint8Array[] = [];
  #pushes: Uint8Array[] = [];
  #pendingBytes = 0;
  #scheduled = false;
  /** All bytes ever given to the socket. */
  #sentBytes = 0;
  /** A legacy client takes every frame's seq for its cursor, so it gets them in the order they were made. */
  keepOrder = false;

  constructor(socket: Socket, runtime: Runtime) {
    this.#socket = socket;
    this.#runtime = runtime;
  }

  /** Bytes on their way: collected or waiting in the socket. */
  get bufferedBytes(): number {
    return this.#pendingBytes + this.#socket.bufferedBytes;
  }

  /** Bytes that have left the process so far. */
  get flushedBytes(): number {
    return this.#sentBytes - this.#socket.bufferedBytes;
  }

  /** An answer, or anything else that must not wait behind pushes. `output` is one encoded Output. */
  reply(output: Uint8Array): void {
    this.#collect(this.keepOrder ? this.#pushes : this.#replies, output);
  }

  /** One item of the stream. */
  push(output: Uint8Array): void {
    this.#collect(this.#pushes, output);
  }

  /** Sends what was collected, now. */
  flush(): void {
    this.#scheduled = false;
    if (this.#pendingBytes === 0) return;
    const batch = encodeBatch(this.#replies.length === 0 ? this.#pushes : this.#replies.concat(this.#pushes));
    this.#replies = [];
    this.#pushes = [];
    this.#pendingBytes = 0;
    this.#sentBytes += batch.length;
    this.#socket.send(batch);
  }

  #collect(list: Uint8Array[], output: Uint8Array): void {
    list.push(output);
    this.#pendingBytes += output.length;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#runtime.endOfTurn(() => {
      if (this.#scheduled) this.flush();
    });
  }
}
