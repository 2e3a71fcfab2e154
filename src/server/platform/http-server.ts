import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { ImError } from "../../core/errors.js";

/** Where to listen. */
export interface HttpServerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** An address or name of this machine; without it all interfaces. */
  readonly host?: string | undefined;
  /** Answers requests. Default: 404 to every one. */
  readonly handler?: RequestListener | undefined;
}

/** An http server that listens. */
export interface OpenHttpServer {
  readonly server: Server;
  /** How to reach it from this machine, without a slash at the end: `http://localhost:8080`. */
  readonly url: string;
  /** Stops accepting and ends every connection, upgraded ones too. Repeatable. */
  close(): Promise<void>;
}

/** What a slow or talkative client may take before it is cut off. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  /** How often Node looks at the first two; its own default would let them run 30 s over. */
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1_024,
} as const;
const MAX_HEADERS = 100;
const MAX_REQUESTS_PER_SOCKET = 1_000;

const NOT_FOUND = JSON.stringify({ code: 1017, msg: "not found", data: null });

const answerNotFound: RequestListener = (_request, response) => {
  response.writeHead(404, { "content-type": "application/json; charset=utf-8" }).end(NOT_FOUND);
};

function createLimitedServer(handler: RequestListener): Server {
  const server = createServer(LIMITS, handler);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_SOCKET;
  return server;
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: "is already in use: choose another port or stop the other program",
  EACCES: "needs more rights than this process has: choose a port from 1024 on",
  EADDRNOTAVAIL: "cannot be opened: this machine does not have that address",
  ENOTFOUND: "cannot be opened: the host name is not known",
};

function listenError(cause: Error & { code?: string }, { port, host }: HttpServerOptions): ImError {
  const advice = ADVICE[cause.code ?? ""] ?? `cannot be opened: ${cause.message}`;
  return new ImError("operation_failed", { message: `port ${port} on ${host ?? "all interfaces"} ${advice}`, cause });
}

function listen(server: Server, options: HttpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, ...(options.host === undefined ? {} : { host: options.host }) }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string | undefined): string {
  const { port } = server.address() as AddressInfo;
  const isEverywhere = host === undefined || host === "0.0.0.0" || host === "::" || host === "";
  const name = isEverywhere ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

/**
 * Opens an http server with limits against slow and oversized requests. `handler` answers requests; what is attached to it
 * takes the upgrades. Rejects with `operation_failed`, saying what to do, when the port cannot be had.
 */
export async function openHttpServer(options: HttpServerOptions): Promise<OpenHttpServer> {
  const server = createLimitedServer(options.handler ?? answerNotFound);
  const sockets = trackSockets(server);
  await listen(server, options).catch((error: Error) => {
    throw listenError(error, options);
  });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= closeServer(server, sockets);
    return closing;
  };
  return { server, url: urlOf(server, options.host), close };
}
