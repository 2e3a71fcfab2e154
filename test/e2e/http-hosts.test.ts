import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import Fastify from "fastify";
import { createHttpApi, createNodeHandler } from "shyim/http";
import { describe, expect, it, onTestFinished } from "vitest";
import { RawWebSocket } from "../adapters/raw-web-socket.js";
import { FakeAccounts } from "../server/http/fake-accounts.js";
import { HttpStage, readAnswer } from "../server/http/http-stage.js";

/** As they were before anything was served. */
const GLOBALS = { Request: globalThis.Request, Response: globalThis.Response };

/** Serves on a free port of this machine; the URL. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function call(url: string, init: RequestInit = {}) {
  return readAnswer(await fetch(url, init));
}

const token = { token: "token-1" };
const group = {
  json: {
    body: JSON.stringify({ name: "team", ids: ["2"] }),
    headers: { ...token, "content-type": "application/json" },
  },
  form: { body: "name=team&ids=2", headers: { ...token, "content-type": "application/x-www-form-urlencoded" } },
};

/** A client's day, whatever the API is mounted in. */
async function tryOut(url: string, stage: HttpStage): Promise<void> {
  const members = async (init: RequestInit) => {
    const created = await call(`${url}/group/create`, { method: "POST", ...init });
    expect(created).toMatchObject({ status: 200, code: 200 });
    return (await call(`${url}/group_user/list?group_id=${created.data.id}`, { headers: token })).data.ids;
  };
  expect(await members(group.json)).toEqual(["2", "1"]);
  expect(await members(group.form)).toEqual(["2", "1"]);
  const form = new FormData();
  for (const [name, value] of [
    ["name", "team"],
    ["ids", "2"],
  ] as const)
    form.append(name, value);
  expect(await members({ body: form, headers: token })).toEqual(["2", "1"]);
  expect(await call(`${url}/log_out_everywhere`, { method: "POST", headers: token })).toMatchObject({ status: 200 });
  expect((await call(`${url}/me`)).status).toBe(401);
  expect((await call(`${url}/nothing`, { headers: token })).status).toBe(404);
  const refused = await call(`${url}/group/create`, {
    method: "POST",
    ...group.json,
    body: '{"name":"x","owner_id":"2"}',
  });
  expect(refused).toMatchObject({ status: 400, msg: 'there is no field "owner_id" here' });
  expect(stage.accounts.addresses.every((address) => address === "127.0.0.1")).toBe(true);
  expect(stage.errors).toEqual([]);
}

describe("in a server of node:http", () => {
  it("serves the API", async () => {
    const stage = new HttpStage();
    await tryOut(await serve(createNodeHandler(stage.api)), stage);
  });

  it("leaves the globals of the process alone", async () => {
    createNodeHandler(new HttpStage().api);
    expect([globalThis.Request === GLOBALS.Request, globalThis.Response === GLOBALS.Response]).toEqual([true, true]);
  });

  it("S7: answers a body of 10 MB with 413, sent with its length or in pieces, and goes on", async () => {
    const url = await serve(createNodeHandler(new HttpStage().api));
    const headers = { ...token, "content-type": "application/json" };
    const pieces = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 160; n++) controller.enqueue(new Uint8Array(65_536));
        controller.close();
      },
    });
    const whole = await call(`${url}/me/nickname`, { method: "POST", headers, body: new Uint8Array(10_485_760) });
    const streamed = await call(`${url}/me/nickname`, {
      method: "POST",
      headers,
      body: pieces,
      duplex: "half",
    } as RequestInit);
    expect([whole.status, streamed.status]).toEqual([413, 413]);
    expect((await call(`${url}/me`, { headers: token })).status).toBe(200);
  });

  it.each([
    ["a backslash in the path", "GET /a\\b HTTP/1.1", "Host: a"],
    ["a Host that is none", "GET /me HTTP/1.1", "Host: a/b@c"],
    ["a path of dots", "GET /../../etc/passwd HTTP/1.1", "Host: a"],
    ["a whole address of another host", "GET http://evil.test/nothing HTTP/1.1", "Host: a"],
  ])("answers %s with 400 or 404, as every failure", async (_name, line, host) => {
    const url = await serve(createNodeHandler(new HttpStage().api));
    const raw = new RawWebSocket(Number(new URL(url).port), `${line}\r\n${host}\r\nConnection: close\r\n\r\n`);
    expect([400, 404]).toContain(await raw.status());
  });
});

describe("in Express", () => {
  it("serves the API under a path, beside routes of the application", async () => {
    const stage = new HttpStage();
    const app = express();
    app.use("/im", createNodeHandler(stage.api));
    app.get("/health", (_request, response) => void response.json({ ok: true }));
    const url = await serve(app);
    await tryOut(`${url}/im`, stage);
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ ok: true });
  });

  it.each([
    ["express.json() and express.urlencoded()", [express.json(), express.urlencoded()]],
    ["extended forms", [express.json({ strict: false }), express.urlencoded({ extended: true })]],
    ["express.raw()", [express.raw({ type: () => true })]],
    [
      "express.text()",
      [express.text({ type: (request) => !request.headers["content-type"]?.startsWith("multipart/") })],
    ],
  ])("serves the API behind %s", async (_name, parsers) => {
    const stage = new HttpStage();
    const app = express();
    app.use(parsers);
    app.use("/im", createNodeHandler(stage.api));
    await tryOut(`${await serve(app)}/im`, stage);
  });

  it("S22: finds nested and repeated fields also where the host read them", async () => {
    const stage = new HttpStage();
    const app = express();
    app.use(express.urlencoded({ extended: true }), createNodeHandler(stage.api));
    const url = await serve(app);
    const post = (body: string) => call(`${url}/me/nickname`, { ...group.form, method: "POST", body });
    for (const body of ["nickname[a]=1", "nickname=1&nickname=2", "nickname=1&id=2"]) {
      expect((await post(body)).status).toBe(400);
    }
    expect((await post("nickname=Ada+%26+co")).status).toBe(200);
    expect(stage.accounts.people.get("1")?.nickname).toBe("Ada & co");
  });

  it("says what to do when the host has read a body and kept it to itself", async () => {
    const stage = new HttpStage();
    const app = express();
    app.use((request, _response, next) => void request.resume().on("end", next));
    app.use(createNodeHandler(stage.api));
    const answer = await call(`${await serve(app)}/group/create`, { method: "POST", ...group.json });
    expect(answer.status).toBe(500);
    expect(stage.errors).toMatchObject([{ error: { message: expect.stringContaining("request.body") } }]);
  });
});

describe("in Fastify", () => {
  async function listen(app: ReturnType<typeof Fastify>): Promise<string> {
    onTestFinished(() => app.close());
    return app.listen({ port: 0, host: "127.0.0.1" });
  }

  it("serves the API in a plugin that leaves bodies alone, beside routes of the application", async () => {
    const stage = new HttpStage({ basePath: "/im" });
    const handler = createNodeHandler(stage.api);
    const app = Fastify();
    app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser("*", (_request, _body, done) => done(null));
      scope.all("/im/*", (request, reply) => {
        reply.hijack();
        handler(request.raw, reply.raw);
      });
    });
    app.post("/echo", async (request) => request.body);
    const url = await listen(app);
    await tryOut(`${url}/im`, stage);
    expect(await (await fetch(`${url}/echo`, { method: "POST", ...group.json })).json()).toEqual({
      name: "team",
      ids: ["2"],
    });
  });
});

describe("in a host of Request and Response", () => {
  it("is one call", async () => {
    const api = createHttpApi(new FakeAccounts());
    expect((await api.fetch(new Request("http://chat.test/me"))).status).toBe(401);
  });
});
