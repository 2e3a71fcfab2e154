import { createServer, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";
import type { Refusal } from "../../src/adapters/contracts/transport.js";
import type { WsTransportOptions } from "../../src/adapters/ws/ws-options.js";
import { wsTransport } from "../../src/adapters/ws/ws-transport.js";
import { RecordedSocket } from "../../src/testing/conformance/transport/recorded-socket.js";
import { until } from "../../src/testing/conformance/transport/until.js";
import { handshake, type RawRequest, RawWebSocket } from "./raw-web-socket.js";
import { connect, endServer, listen } from "./ws-fixture.js";

const notFound: RequestListener = (_request, response) => response.writeHead(404).end();

/** A started WebSocket transport on an http server at a free port; taken down when the test is over. */
export async function wsStand(options: WsTransportOptions = {}, onRequest: RequestListener = notFound) {
  const server: Server = createServer(onRequest);
  const connections: Duplex[] = [];
  server.on("connection", (connection) => connections.push(connection));
  const sockets: RecordedSocket[] = [];
  const addresses: string[] = [];
  const door: { refusal: Refusal | null } = { refusal: null };
  const transport = wsTransport(options);
  const host = {
    admit: ({ address }: { address: string }) => {
      addresses.push(address);
      return door.refusal;
    },
    open: (socket: RecordedSocket["socket"]) => {
      sockets.push(new RecordedSocket(socket));
      return sockets.at(-1) as RecordedSocket;
    },
  };
  transport.bind(host, { maxFrameBytes: 65_536 });
  transport.attach(server);
  await transport.start();
  const port = await listen(server);
  const raws: RawWebSocket[] = [];
  onTestFinished(async () => {
    for (const raw of raws) raw.socket.destroy();
    await transport.close();
    // An upgrade that nobody took belongs to nobody: the http server itself does not end it.
    for (const connection of connections) connection.destroy();
    await endServer(server);
  });
  const raw = (text: string): RawWebSocket => {
    const client = new RawWebSocket(port, text);
    raws.push(client);
    return client;
  };
  return {
    transport,
    server,
    port,
    sockets,
    addresses,
    door,
    /** Writes `text` to a new TCP connection. */
    raw,
    /** Sends a handshake and does nothing more. */
    ask: (request: RawRequest = {}) => raw(handshake(request)),
    /** Opens a socket by hand and waits until the server has it. */
    openRaw: async () => {
      const before = sockets.length;
      const client = raw(handshake({}));
      await until("the socket is open", () => sockets.length > before);
      return client;
    },
    /** Throws unless a new client is served. */
    assertServes: async () => {
      const client = await connect(`ws://127.0.0.1:${port}/ws`);
      client.send(new Uint8Array([7]));
      await until("a new client is served", () => sockets.some((socket) => socket.frames[0]?.[0] === 7));
    },
  };
}
