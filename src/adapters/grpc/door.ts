import { createServer, type Server, type Socket } from "node:net";
import { ImError } from "../../core/errors.js";
import { parseAddress } from "./address.js";

/** Connections that are open at a time: those of peers, and of whoever has not proven yet to be one. What comes beyond is dropped. */
const MAX_CONNECTIONS = 1_000;
/**
 * Whoever has made no call of a node by then is dropped, ms: connections that prove nothing would keep the peers out. A node calls as
 * soon as it connects; a program of the original protocol that has connected and not called yet connects again when it does.
 */
const HEAR_WITHIN_MS = 10_000;

/**
 * The port of a node, and every connection through it. They are kept here because the package's own end of a server waits for peers
 * to close their sides, which one that does not answer never does.
 */
export class Door {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those who have not been heard yet, by where they come from, each with what throws them out. */
  readonly #unheard = new Map<string, NodeJS.Timeout>();

  /** @param enter takes a new connection */
  constructor(enter: (socket: Socket) => void) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      this.#await(socket);
      socket.on("error", () => undefined);
      enter(socket);
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Somebody has called who may: the connection stays. @param peer as gRPC tells it: address and port */
  heard(peer: string): void {
    clearTimeout(this.#unheard.get(peer));
    this.#unheard.delete(peer);
  }

  /** Resolves with the port. Errors: `operation_failed` when the address cannot be had. */
  listen(text: string): Promise<number> {
    const address = parseAddress(text);
    return new Promise((resolve, reject) => {
      this.#server.once("error", (cause) => reject(cannotListen(text, cause)));
      this.#server.listen({ host: address?.host, port: address?.port, exclusive: true }, () => resolve(this.#port()));
    });
  }

  /** Nobody comes in any more, and who is in is thrown out. The address is free when it resolves. */
  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Throws it out unless it is heard in time. */
  #await(socket: Socket): void {
    // Read once: of a connection that is gone they are not known any more.
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const timer = setTimeout(() => socket.destroy(), HEAR_WITHIN_MS);
    this.#unheard.set(peer, timer);
    socket.on("close", () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
      if (this.#unheard.get(peer) === timer) this.#unheard.delete(peer);
    });
  }

  #port(): number {
    const address = this.#server.address();
    return address === null || typeof address === "string" ? 0 : address.port;
  }
}

function cannotListen(address: string, cause: Error): ImError {
  const message = `grpcRpc cannot listen at ${address}: it has to be an address of this machine that nobody else listens at`;
  return new ImError("operation_failed", { message, cause });
}
