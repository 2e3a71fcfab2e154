import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { ImError } from "../../core/errors.js";
import type {
  Refusal,
  SocketListener,
  Transport,
  TransportHost,
  TransportLimits,
  UpgradeListener,
  UpgradeSource,
} from "../contracts/transport.js";
import { type Answer, Door } from "./door.js";
import { refuseUpgrade } from "./refuse-upgrade.js";
import { remoteAddress } from "./remote-address.js";
import { ServerWebSocket } from "./server-web-socket.js";
import { parseWsOptions, type WsSettings, type WsTransportOptions } from "./ws-options.js";
import { INTERNAL_ERROR, WsSocket } from "./ws-socket.js";

/** A message in more pieces closes its socket with 4413. */
const MAX_FRAGMENTS = 64;

/** A frame that arrives in more chunks than this closes its socket with 4413. */
const MAX_BUFFERED_CHUNKS = 1_024;

type Sockets = InstanceType<typeof WebSocketServer<typeof ServerWebSocket>>;

function pathOf(url = ""): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

class WsTransport implements Transport {
  readonly path: string;
  readonly #settings: WsSettings;
  readonly #door: Door;
  readonly #attached = new Map<UpgradeSource, UpgradeListener>();
  #host: TransportHost | null = null;
  #sockets: Sockets | null = null;
  #closing: Promise<void> | null = null;

  constructor(settings: WsSettings) {
    this.path = settings.path;
    this.#settings = settings;
    this.#door = new Door(settings);
  }

  bind(host: TransportHost, limits: TransportLimits): void {
    this.#host = host;
    this.#sockets = new WebSocketServer({
      noServer: true,
      WebSocket: ServerWebSocket,
      maxPayload: limits.maxFrameBytes,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_BUFFERED_CHUNKS,
      perMessageDeflate: false,
      // No subprotocol is spoken here, and what is offered as one (a token, say) must not be repeated to anyone.
      handleProtocols: () => false,
      // Asked once the request is known to be a well-formed handshake; `#open` follows in the same turn.
      verifyClient: (info: { req: IncomingMessage }, answer: Answer) => this.#door.answer(info.req, host, answer),
    });
  }

  async start(): Promise<void> {
    this.#door.open();
  }

  attach(server: UpgradeSource): void {
    if (this.#closing !== null) throw new ImError("unavailable", { message: "the transport is closed" });
    if (typeof server?.on !== "function" || typeof server.off !== "function") {
      throw new ImError("invalid_argument", { message: "attach needs an http.Server, or what has its upgrade event" });
    }
    if (this.#attached.has(server)) return;
    const listener: UpgradeListener = (request, socket, head) =>
      this.#upgrade(server, request as IncomingMessage, socket as Duplex, head as Buffer);
    this.#attached.set(server, listener);
    server.on("upgrade", listener);
  }

  stopAccepting(refusal: Refusal): void {
    this.#door.turnAway(refusal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const [server, listener] of this.#attached) server.off("upgrade", listener);
    this.#attached.clear();
    const sockets = this.#sockets;
    if (sockets === null) return;
    for (const ws of sockets.clients) ws.terminate();
    await new Promise<void>((resolve) => sockets.close(() => resolve()));
  }

  #upgrade(server: UpgradeSource, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (pathOf(request.url) === this.path) this.#take(request, socket, head);
    else if (server.listenerCount?.("upgrade") === 1) refuseUpgrade(socket);
  }

  #take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      if (this.#sockets === null) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#open(ws, request));
    } catch {
      // Somebody else has taken this socket as well: two transports at one path.
      socket.destroy();
    }
  }

  #open(ws: ServerWebSocket, request: IncomingMessage): void {
    const socket = new WsSocket(ws, remoteAddress(request, this.#settings.trustProxy));
    const listener = this.#listenerFor(socket);
    if (listener === null) socket.close(INTERNAL_ERROR, "internal error");
    else socket.listen(listener);
  }

  #listenerFor(socket: WsSocket): SocketListener | null {
    try {
      return this.#host?.open(socket) ?? null;
    } catch {
      return null;
    }
  }
}

/**
 * WebSockets over one or more http servers. `attach` takes the upgrades at `path` and leaves all others to the server's
 * other `upgrade` listeners; while there are none, they are answered 404.
 * Compression is never negotiated; text and unknown frames close a socket with 1003; a message above the server's
 * `maxFrameBytes`, or in more than 64 pieces, closes it with 4413.
 * Throws `invalid_argument`, naming every problem, when an option is not valid.
 */
export function wsTransport(
  options: WsTransportOptions = {},
): Transport & Required<Pick<Transport, "attach" | "path">> {
  return new WsTransport(parseWsOptions(options));
}
