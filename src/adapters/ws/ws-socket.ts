import { type RawData, WebSocket } from "ws";
import { CLOSE } from "../../core/close-codes.js";
import type { Socket, SocketListener } from "../contracts/transport.js";
import type { ServerWebSocket } from "./server-web-socket.js";

/** RFC 6455: "internal error", for a listener that threw. */
export const INTERNAL_ERROR = 1011;

/** What a close frame can hold besides its code, in bytes. */
const MAX_REASON_BYTES = 123;

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** A UTF-16 unit needs at most 3 bytes, so a third of the limit in characters always fits. */
function fitReason(reason: string): string {
  return Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : reason.slice(0, MAX_REASON_BYTES / 3);
}

/** One WebSocket as the server sees it. Tells its listener everything until `onClosed`, and nothing afterwards. */
export class WsSocket implements Socket {
  readonly address: string;
  readonly #ws: ServerWebSocket;
  #listener: SocketListener | null = null;
  #deaf = false;

  constructor(ws: ServerWebSocket, address: string) {
    this.#ws = ws;
    this.address = address;
    ws.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on("pong", () => this.#tell((listener) => listener.onAlive()));
    // What the peer sent is against the protocol: `ws` has begun to close, with the right code.
    ws.on("error", () => {
      this.#deaf = true;
    });
    ws.once("close", (code) => this.#onClose(code));
  }

  /** Whom to tell. To be called in the turn in which the socket was made: nothing can have been read before. */
  listen(listener: SocketListener): void {
    this.#listener = listener;
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    this.#whileOpen(() => this.#ws.send(bytes, { binary: true }, (error) => this.#onSent(error)));
  }

  pause(): void {
    if (!this.#deaf) this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  ping(): void {
    this.#whileOpen(() => this.#ws.ping());
  }

  close(code: number, reason: string): void {
    this.#deaf = true;
    // A paused socket would never see the answer to its goodbye.
    this.#ws.resume();
    this.#orTerminate(() => this.#ws.close(code, fitReason(reason)));
  }

  terminate(): void {
    this.#deaf = true;
    this.#ws.terminate();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#deaf) return;
    if (isBinary) this.#tell((listener) => listener.onFrame(toBytes(data)));
    else this.#condemn(CLOSE.notBinary, "binary messages only");
  }

  #onSent(error: Error | null | undefined): void {
    if (error) this.terminate();
    else this.#tell((listener) => listener.onFlushed());
  }

  #onClose(code: number): void {
    const told = code === CLOSE.abnormal ? (this.#ws.verdict ?? code) : code;
    const listener = this.#listener;
    this.#listener = null;
    try {
      listener?.onClosed(told);
    } catch {
      // There is nothing left to close, and one socket's trouble is not the process's.
    }
  }

  #tell(event: (listener: SocketListener) => void): void {
    if (this.#listener === null) return;
    try {
      event(this.#listener);
    } catch {
      this.#condemn(INTERNAL_ERROR, "internal error");
    }
  }

  #condemn(code: number, reason: string): void {
    this.#deaf = true;
    this.#ws.resume();
    this.#orTerminate(() => this.#ws.condemn(code, reason));
  }

  #whileOpen(run: () => void): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#orTerminate(run);
  }

  #orTerminate(run: () => void): void {
    try {
      run();
    } catch {
      this.terminate();
    }
  }
}
