import { createServer, type Server, type Socket } from "node:net";
import { ImError } from "../../core/errors.js";
import { parseAddress } from "./address.js";

/** Connections that are open at a time: those of peers, and of whoever has not proven yet to be one. What comes beyond is dropped. */
const MAX_CONNECTIONS = 1_000;

/**
 * The port of a node, and every connection through it. They are kept here because the package's own end of a server waits for peers
 * to close their sides, which one that does not answer never does.
 */
export class Door {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param enter takes a new connection */
  constructor(enter: (socket: Socket) => void) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => undefined);
      enter(socket);
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
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

  #port(): number {
    const address = this.#server.address();
    return address === null || typeof address === "string" ? 0 : address.port;
  }
}

function cannotListen(address: string, cause: Error): ImError {
  const message = `grpcRpc cannot listen at ${address}: it has to be an address of this machine that nobody else listens at`;
  return new ImError("operation_failed", { message, cause });
}
