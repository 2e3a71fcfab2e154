import { connect, type Socket } from "node:net";

/** One WebSocket frame, written by hand: masked with zeros unless told otherwise. */
export function rawFrame(
  opcode: number,
  payload: Uint8Array = new Uint8Array(0),
  { fin = true, rsv = 0, masked = true }: { fin?: boolean; rsv?: number; masked?: boolean } = {},
): Buffer {
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const maskBit = masked ? 0x80 : 0;
  const mask = Buffer.alloc(masked ? 4 : 0);
  if (payload.length < 126) return Buffer.concat([Buffer.from([first, maskBit | payload.length]), mask, payload]);
  const header = Buffer.from([first, maskBit | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(payload.length, 6);
  return Buffer.concat([header, mask, payload]);
}

/** What a raw request says; header names are written as they are. */
export interface RawRequest {
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly host?: string | null;
}

/** The text of a WebSocket handshake; `headers` come first. */
export function handshake({ path = "/ws", headers = [], host = "127.0.0.1" }: RawRequest): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...headers,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** A TCP client that says exactly what it is told to and writes down everything it hears. */
export class RawWebSocket {
  readonly socket: Socket;
  /** Resolves when the connection is over, with or without an error. */
  readonly ended: Promise<void>;
  #heard = Buffer.alloc(0);

  constructor(port: number, text: string) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("data", (chunk) => {
      this.#heard = Buffer.concat([this.#heard, chunk]);
    });
    this.socket.on("error", () => undefined);
    this.ended = new Promise((resolve) => this.socket.once("close", () => resolve()));
    this.socket.write(text);
  }

  /** The head of the HTTP answer once it is complete; what there is of it when the connection ends before. */
  async head(): Promise<string> {
    while (!this.socket.closed && this.#headEnd === -1) await new Promise((resolve) => setImmediate(resolve));
    return this.#heard.subarray(0, this.#headEnd === -1 ? undefined : this.#headEnd).toString("latin1");
  }

  /** The status of the HTTP answer; 0 when there was none. */
  async status(): Promise<number> {
    return Number((await this.head()).split(" ")[1] ?? 0);
  }

  /** The whole answer of a connection that the other side ends. */
  async text(): Promise<string> {
    await this.ended;
    return this.#heard.toString("latin1");
  }

  /** The code of the server's close frame, which must be the first frame it sends. */
  async closeCode(): Promise<number> {
    await this.head();
    const start = this.#headEnd + 4;
    while (!this.socket.closed && this.#heard.length < start + 4) await new Promise((resolve) => setImmediate(resolve));
    if (this.#heard[start] !== 0x88)
      throw new Error(`expected a close frame, got ${this.#heard.subarray(start).toString("hex")}`);
    return this.#heard.readUInt16BE(start + 2);
  }

  get #headEnd(): number {
    return this.#heard.indexOf("\r\n\r\n");
  }
}
