import type { Refusal, Transport, TransportHost, TransportLimits } from "../contracts/transport.js";
import { type MemoryClientListener, MemoryClientSocket } from "./memory-client-socket.js";
import { MemoryPipe } from "./memory-pipe.js";
import { MemorySocket } from "./memory-socket.js";

/** Sockets inside one process: everything a network transport does, except for the network. */
export interface MemoryTransport extends Transport {
  /**
   * Opens a socket to this transport; fits the client's `dial`. An arrival that is turned away hears `onClosed(1006)`.
   * @param url kept for the shape; there is only one place to dial
   */
  readonly dial: (url: string, listener: MemoryClientListener) => MemoryClientSocket;
}

/** What every arrival has for an address. */
const ADDRESS = "memory";

class InMemoryTransport implements MemoryTransport {
  readonly #sockets = new Set<MemorySocket>();
  #host: TransportHost | null = null;
  #maxFrameBytes = 0;
  #isOpen = false;
  #isShut = false;

  readonly dial = (_url: string, listener: MemoryClientListener): MemoryClientSocket => {
    const toServer = new MemoryPipe();
    const toClient = new MemoryPipe();
    const client = new MemoryClientSocket(toClient, toServer, listener);
    client.listen();
    setImmediate(() => this.#arrive(client, toServer, toClient));
    return client;
  };

  bind(host: TransportHost, limits: TransportLimits): void {
    this.#host = host;
    this.#maxFrameBytes = limits.maxFrameBytes;
  }

  async start(): Promise<void> {
    this.#isOpen = true;
  }

  stopAccepting(_refusal: Refusal): void {
    this.#isShut = true;
  }

  async close(): Promise<void> {
    this.#isShut = true;
    const open = [...this.#sockets];
    for (const socket of open) socket.terminate();
    await Promise.all(open.map((socket) => socket.ended));
  }

  #arrive(client: MemoryClientSocket, toServer: MemoryPipe, toClient: MemoryPipe): void {
    const host = this.#host;
    if (toServer.over) return;
    if (host === null || !this.#admits(host)) {
      client.drop();
      return;
    }
    const socket = new MemorySocket(ADDRESS, toServer, toClient, this.#maxFrameBytes);
    this.#sockets.add(socket);
    socket.ended.then(() => this.#sockets.delete(socket));
    this.#open(host, socket);
    client.open();
  }

  #admits(host: TransportHost): boolean {
    if (!this.#isOpen || this.#isShut) return false;
    try {
      return host.admit({ address: ADDRESS }) === null;
    } catch {
      return false;
    }
  }

  #open(host: TransportHost, socket: MemorySocket): void {
    try {
      socket.listen(host.open(socket));
    } catch {
      socket.listen(null);
    }
  }
}

/**
 * A transport without a network, for tests, for trying things out, and for a server and clients in one process.
 * Delivery is asynchronous and in order; sizes, pausing, refusals and goodbyes are as on a network.
 */
export function memoryTransport(): MemoryTransport {
  return new InMemoryTransport();
}
