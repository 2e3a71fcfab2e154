import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../examples/cluster/read-config.js";
import { type ServingNode, serveNode } from "../../examples/cluster/serve-node.js";
import { call } from "./app-visitor.js";

const ADA = { phone_number: "+41 79 123 45 67", nickname: "Ada", password: "correct horse battery" };
const KEY = { SHYIM_TOKEN_KEY: "a-key-that-only-this-test-has-got-1" };

let node: ServingNode;
let stopped: Promise<void> | null = null;

/** A node of this process; it has so long to leave. */
async function serve(drainGraceMs: number): Promise<void> {
  const grace = { SHYIM_DRAIN_GRACE_MS: String(drainGraceMs) };
  node = await serveNode(readConfig({ SHYIM_PORT: "0", ...KEY, ...grace }));
}

/** A sign-up that the node has begun to take: it has asked for the body. */
async function beginSignUp(): Promise<ClientRequest> {
  const headers = { "content-type": "application/json", expect: "100-continue" };
  const signUp = request(`${node.httpUrl}/register`, { method: "POST", headers });
  signUp.on("error", () => {}); // who expects one listens, too
  signUp.flushHeaders();
  await once(signUp, "continue");
  return signUp;
}

beforeEach(() => {
  stopped = null;
});

afterEach(async () => {
  await (stopped ?? node.stop());
});

describe("a node of the cluster example that is told to end", () => {
  it("turns new calls away with 503 while those under way come to their end", async () => {
    await serve(20_000);
    const signUp = await beginSignUp();
    stopped = node.stop();

    const refused = await fetch(`${node.httpUrl}/login`, { method: "POST", body: "{}" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    expect((await call("GET", `${node.httpUrl}/ready`)).status).toBe(503);
    expect(await call("GET", `${node.httpUrl}/health`)).toMatchObject({ status: 200, body: { ready: false } });

    signUp.end(JSON.stringify(ADA));
    const [answer] = (await once(signUp, "response")) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    expect(await json(answer)).toMatchObject({ code: 200, data: { token: expect.any(String) } });
    await stopped;
    await expect(fetch(`${node.httpUrl}/health`)).rejects.toThrow();
  });

  it("does not wait longer than its grace for a call that never ends", async () => {
    await serve(100);
    const signUp = await beginSignUp();
    const cut = once(signUp, "error");
    stopped = node.stop();
    await stopped;
    expect(await cut).toEqual([expect.objectContaining({ code: "ECONNRESET" })]);
  });
});
