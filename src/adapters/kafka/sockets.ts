import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import type { ISocketFactory, ISocketFactoryArgs } from "kafkajs";

/** Where a broker is. */
export interface BrokerPlace {
  readonly host: string;
  readonly port: number;
}

/** Says where to connect to instead of what a broker says of itself. For tests. */
export type Redirect = (place: BrokerPlace) => BrokerPlace;

const KEEP_ALIVE_MS = 10_000;

/**
 * Every connection of one client of the package, to be ended at once: by itself it waits for brokers to answer, which one that is out
 * of reach never does.
 */
export class Sockets {
  readonly #redirect: Redirect;
  readonly #open = new Set<Socket>();
  #isShut = false;

  /** @param signal ends every connection, and lets none be made any more */
  constructor(signal: AbortSignal, redirect: Redirect) {
    this.#redirect = redirect;
    signal.addEventListener("abort", () => this.#shut(), { once: true });
  }

  /** What the package connects with. Throws when these are shut. */
  readonly connect: ISocketFactory = ({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket => {
    if (this.#isShut) throw new Error("the connections to Kafka are shut");
    const place = this.#redirect({ host, port });
    const name = isIP(host) === 0 ? { servername: host } : {};
    const secure = { ...place, ...name, ...ssl, rejectUnauthorized: true };
    const socket = ssl ? connectSecure(secure, onConnect) : connectPlain(place, onConnect);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#open.delete(socket));
    this.#open.add(socket);
    return socket;
  };

  #shut(): void {
    this.#isShut = true;
    for (const socket of this.#open) socket.destroy(new Error("the connection was given up"));
  }
}
