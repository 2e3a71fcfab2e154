import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket } from "ws";
import { wsTransport } from "../../src/adapters/ws/ws-transport.js";
import type { TestClient, TransportFixture } from "../../src/testing/conformance/transport.js";

/** Listens on a free loopback port. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** Ends an http server and everything connected to it. */
export function endServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

class WsTestClient implements TestClient {
  readonly received: Uint8Array[] = [];
  readonly closed: Promise<number>;
  readonly #ws: WebSocket;

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on("message", (data) => this.received.push(Uint8Array.from(data as Buffer)));
    ws.on("error", () => undefined);
    this.closed = new Promise((resolve) => ws.once("close", resolve));
  }

  send(bytes: Uint8Array): void {
    this.#ws.send(bytes);
  }

  stopReading(): void {
    this.#ws.pause();
  }

  startReading(): void {
    this.#ws.resume();
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  drop(): void {
    this.#ws.terminate();
  }
}

/** Connects with the `ws` package; rejects when the server turns the arrival away. */
export function connect(url: string): Promise<WsTestClient> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, { perMessageDeflate: false });
    const client = new WsTestClient(ws);
    ws.once("open", () => resolve(client));
    ws.once("error", reject);
  });
}

/** A WebSocket transport on an http server of its own. */
export async function wsFixture(): Promise<TransportFixture> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  const transport = wsTransport();
  transport.attach(server);
  const port = await listen(server);
  const clients: WsTestClient[] = [];
  return {
    transport,
    connect: async () => {
      const client = await connect(`ws://127.0.0.1:${port}/ws`);
      clients.push(client);
      return client;
    },
    dispose: async () => {
      for (const client of clients) client.drop();
      await Promise.all(clients.map((client) => client.closed));
      await endServer(server);
    },
  };
}
