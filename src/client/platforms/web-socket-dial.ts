import { CLOSE } from "../../core/close-codes.js";
import type { ClientSocket, ClientSocketListener, Dial } from "../contracts.js";
import type { WebSocketConstructor, WebSocketEvent, WebSocketLike } from "../web-socket.js";

/** `readyState` of an open socket. */
const OPEN = 1;

/** Dials with a W3C-like constructor, which may have to be loaded first. */
export function webSocketDial(load: () => Promise<WebSocketConstructor>): Dial {
  return (url, listener) => new WebSocketClient(load, url, listener);
}

/** A socket that may be closed before it exists. */
class WebSocketClient implements ClientSocket {
  readonly #listener: ClientSocketListener;
  #socket: WebSocketLike | null = null;
  #closed = false;

  constructor(load: () => Promise<WebSocketConstructor>, url: string, listener: ClientSocketListener) {
    this.#listener = listener;
    load().then(
      (Socket) => this.#connect(Socket, url),
      () => this.#end(CLOSE.abnormal),
    );
  }

  send(bytes: Uint8Array): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(bytes);
  }

  close(code: number, reason: string): void {
    this.#socket?.close(code, reason);
    if (this.#socket === null) this.#end(CLOSE.abnormal);
  }

  #connect(Socket: WebSocketConstructor, url: string): void {
    if (this.#closed) return;
    try {
      this.#socket = new Socket(url);
    } catch {
      return this.#end(CLOSE.abnormal);
    }
    this.#listen(this.#socket);
  }

  #listen(socket: WebSocketLike): void {
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#listener.onOpen();
    socket.onmessage = ({ data }: WebSocketEvent) => this.#receive(data);
    socket.onclose = ({ code }: WebSocketEvent) => this.#end(code ?? CLOSE.abnormal);
    // An error is always followed by a close, which says what to do.
    socket.onerror = () => {};
  }

  /** A text message is none of ours: the bytes of an empty frame make the client give the connection up. */
  #receive(data: WebSocketEvent["data"]): void {
    this.#listener.onFrame(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array());
  }

  #end(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.onClosed(code);
  }
}
