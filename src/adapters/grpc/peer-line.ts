import { ImError } from "../../core/errors.js";
import type { NodeInfo } from "../contracts/nodes.js";
import { parseAddress } from "./address.js";
import { REPLY } from "./connect-service.js";
import { NotifyStream } from "./notify-stream.js";
import type { GrpcTls } from "./options.js";
import { connectTo } from "./peer-socket.js";

/** A batch that was not answered by then may have arrived or not, ms. */
const ANSWER_WITHIN_MS = 1_000;

type Settle = (failure: ImError | null) => void;

/**
 * The way to one peer: a connection of its own with one stream on it. Whatever goes wrong ends it for good: the next batch gets a new
 * one, because the old one may be dead without anybody having said so.
 */
export class PeerLine {
  readonly address: string;
  readonly #what: string;
  readonly #stream: NotifyStream;
  /** Of batches under way, oldest first: they are answered in order. */
  readonly #waiting: Settle[] = [];
  #failure: ImError | null = null;

  /** Errors: `unavailable` for an address that is none. */
  constructor({ id, address }: NodeInfo, tls: GrpcTls | undefined) {
    this.address = address;
    this.#what = `node ${id} at ${address}`;
    const place = parseAddress(address);
    if (place === null) throw this.#unavailable("has no address of the form host:port");
    this.#stream = new NotifyStream(connectTo(place, tls), id, {
      onReply: (reply) => this.#onReply(reply),
      onEnd: (why, cause) => this.#end(why, cause),
    });
  }

  /** Nothing gets through any more. */
  get isBroken(): boolean {
    return this.#failure !== null;
  }

  /** Errors: `unavailable`, within 1 s; `operation_failed` when the peer has answered so. */
  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      const timer = setTimeout(() => this.#end("has not answered within 1 s"), ANSWER_WITHIN_MS);
      this.#waiting.push((failure) => {
        clearTimeout(timer);
        if (failure === null) resolve();
        else reject(failure);
      });
      this.#stream.write(bytes);
    });
  }

  /** Gives the connection back; what is under way rejects with `unavailable`. */
  close(): void {
    this.#end("was given up");
  }

  #onReply(reply: Uint8Array): void {
    const { taken } = REPLY.read(reply);
    const message = `${this.#what} could not take the batch`;
    this.#waiting.shift()?.(taken ? null : new ImError("operation_failed", { message }));
  }

  #end(why: string, cause?: Error): void {
    if (this.#failure !== null) return;
    this.#failure = this.#unavailable(why, cause);
    this.#stream.close();
    for (const settle of this.#waiting.splice(0)) settle(this.#failure);
  }

  #unavailable(why: string, cause?: Error): ImError {
    return new ImError("unavailable", { message: `${this.#what} ${why}`, cause });
  }
}
