import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import type { NodeId } from "../contracts/nodes.js";
import { CONNECT_SERVICE, TARGET_KEY } from "./connect-service.js";
import { FrameReader, frameHead } from "./grpc-frames.js";

/** An answer has two bytes. */
const MAX_REPLY_BYTES = 1_024;
/** Several batches of the largest size, MB. */
const MAX_SESSION_MEMORY_MB = 64;

/** Who hears of a stream. */
export interface StreamListener {
  onReply(reply: Uint8Array): void;
  /** It is over; told once. */
  onEnd(why: string, cause?: Error): void;
}

/**
 * One call of `Notify` on a connection of its own. By hand on Node's HTTP/2, because the package keeps a connection until the peer
 * closes its side, which one that does not answer never does: each try would leave one behind.
 */
export class NotifyStream {
  readonly #socket: Socket;
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #listener: StreamListener;
  readonly #frames = new FrameReader(MAX_REPLY_BYTES);
  #isOver = false;

  /** @param socket to the peer; may still be connecting */
  constructor(socket: Socket, target: NodeId, listener: StreamListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on("error", (cause) => this.#end("cannot be reached", cause));
    socket.on("close", () => this.#end("has closed the connection"));
    const settings = { enablePush: false };
    const options = { createConnection: () => socket, settings, maxSessionMemory: MAX_SESSION_MEMORY_MB };
    this.#session = connect("http://node.shyim.invalid", options);
    this.#session.on("error", (cause) => this.#end("has broken the connection", cause));
    this.#session.on("goaway", () => this.#end("is going away"));
    this.#stream = this.#session.request(headersFor(target), { endStream: false });
    this.#listen();
  }

  /** Sends a message, which must not change before it is answered. */
  write(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#stream.cork();
    this.#stream.write(frameHead(bytes.length));
    this.#stream.write(bytes);
    this.#stream.uncork();
  }

  /** Gives the connection back at once, and is silent. */
  close(): void {
    this.#isOver = true;
    this.#session.destroy();
    this.#socket.destroy();
  }

  #listen(): void {
    this.#stream.on("error", (cause) => this.#end("has broken the stream", cause));
    this.#stream.on("response", (headers) => this.#onHeaders(headers));
    this.#stream.on("trailers", (headers) => this.#onHeaders(headers));
    this.#stream.on("data", (piece: Buffer) => this.#onData(piece));
    this.#stream.on("end", () => this.#end("has ended the stream"));
  }

  /** The head of an answer says nothing of a gRPC status unless it is its end, too. */
  #onHeaders(headers: IncomingHttpHeaders): void {
    const { ":status": http = 200, "grpc-status": status, "grpc-message": text = "no reason given" } = headers;
    if (Number(http) !== 200) this.#end(`does not speak gRPC (HTTP ${http})`);
    else if (status !== undefined) this.#end(`has refused with status ${status}: ${text}`);
  }

  #onData(piece: Buffer): void {
    try {
      for (const reply of this.#frames.push(piece)) this.#listener.onReply(reply);
    } catch (cause) {
      this.#end("answers what makes no sense", cause as Error);
    }
  }

  #end(why: string, cause?: Error): void {
    if (this.#isOver) return;
    this.close();
    this.#listener.onEnd(why, cause);
  }
}

function headersFor(target: NodeId): Record<string, string> {
  return {
    ":method": "POST",
    ":path": CONNECT_SERVICE.Notify.path,
    "content-type": "application/grpc",
    te: "trailers",
    [TARGET_KEY]: Buffer.from(target).toString("base64"),
  };
}
