/** A node on its port: the sockets, the HTTP API of the accounts, and what a load balancer asks. */
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ImServer } from "shyim";
import { createHttpApi, createNodeHandler } from "shyim/http";
import type { NodeConfig } from "./config.js";
import { ConfigProblem } from "./config-problem.js";
import { createNode } from "./create-node.js";
import { OpenCalls } from "./open-calls.js";

/** A node that serves. */
export interface ServingNode {
  /** Of the sockets: `ws://127.0.0.1:8080/ws`. */
  readonly url: string;
  /** Of everything else, without a slash at its end: `http://127.0.0.1:8080`. */
  readonly httpUrl: string;
  /** Drains and ends. `/ready` says no from its first moment; what was accepted is answered. */
  stop(): Promise<void>;
}

/** What a slow or talkative client may take before it is cut off. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000 };

/** So much of the grace at most goes to HTTP calls under way: they need the storage, which is closed after the sockets. */
const CALLS_SHARE = 0.5;

/** Starts a node. Errors: {@link ConfigProblem} and `ImError`, whose texts are for people. */
export async function serveNode(config: NodeConfig): Promise<ServingNode> {
  const im = createNode(config);
  const calls = new OpenCalls();
  const server = createServer(LIMITS, answer(im, calls, config));
  im.attach(server);
  await listen(server, config);
  const stop = async () => {
    const endsAt = performance.now() + config.drainGraceMs;
    await calls.end(Math.floor(config.drainGraceMs * CALLS_SHARE));
    await im.close({ graceMs: Math.max(0, endsAt - performance.now()) });
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  };
  await im.start().catch(async (error) => {
    await stop();
    throw error;
  });
  const host = hostOf(config.host, (server.address() as AddressInfo).port);
  return { url: `ws://${host}/ws`, httpUrl: `http://${host}`, stop };
}

/**
 * `/health` always answers 200, while there is a process to answer: whoever restarts processes asks it. `/ready` answers 503 while
 * this node should get nobody: whoever spreads clients asks that.
 */
function answer(im: ImServer, calls: OpenCalls, { nodeId, trustProxy, origins }: NodeConfig): RequestListener {
  const api = calls.counted(
    createNodeHandler(
      createHttpApi(im, {
        ...(trustProxy === undefined ? {} : { trustProxy }),
        ...(origins === undefined ? {} : { corsOrigins: origins }),
      }),
    ),
  );
  return (request, response) => {
    const path = request.url?.split("?", 1)[0];
    if (path !== "/health" && path !== "/ready") return api(request, response);
    const { ready, ...parts } = im.health();
    const health = { ...(nodeId === undefined ? {} : { node: nodeId }), ready: ready && !calls.isEnding, ...parts };
    sendJson(response, path === "/ready" && !health.ready ? 503 : 200, health);
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken: stop the program that has it, or choose another one with SHYIM_PORT",
  EACCES: "needs more rights than this process has: choose one from 1024 on with SHYIM_PORT",
  EADDRNOTAVAIL: "cannot be opened: SHYIM_HOST has to be an address of this machine",
  ENOTFOUND: "cannot be opened: SHYIM_HOST has to be a name or an address of this machine",
};

function listen(server: Server, { port, host }: NodeConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const advice = ADVICE[error.code ?? ""] ?? `cannot be opened: ${error.message}`;
      reject(new ConfigProblem(`port ${port} on ${host} ${advice}`));
    });
    server.listen(port, host, resolve);
  });
}

/** How this machine reaches it. */
function hostOf(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `localhost:${port}`;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
