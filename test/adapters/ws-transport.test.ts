import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { PassThrough } from "node:stream";
import express from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { ServerWebSocket } from "../../src/adapters/ws/server-web-socket.js";
import { WsSocket } from "../../src/adapters/ws/ws-socket.js";
import { wsTransport } from "../../src/adapters/ws/ws-transport.js";
import { RecordedSocket } from "../../src/testing/conformance/transport/recorded-socket.js";
import { nextTurn, until } from "../../src/testing/conformance/transport/until.js";
import { transportConformance } from "../../src/testing/conformance/transport.js";
import { connect, endServer, listen, wsFixture } from "./ws-fixture.js";
import { wsStand } from "./ws-stand.js";

transportConformance({ describe, it }, wsFixture);

describe("wsTransport, attached to an http server", () => {
  it("leaves the upgrades of another WebSocket server alone", async () => {
    const stand = await wsStand();
    const other = new WebSocketServer({ noServer: true });
    stand.server.on("upgrade", (request, socket, head) => {
      if (request.url !== "/other") return;
      other.handleUpgrade(request, socket, head, (ws) => ws.close(4321));
    });
    const client = await connect(`ws://127.0.0.1:${stand.port}/other`);
    expect(await client.closed).toBe(4321);
    expect(stand.sockets).toEqual([]);
    await stand.assertServes();
  });

  it("refuses an upgrade at another path when nobody else could take it, rather than leave it open for ever", async () => {
    const stand = await wsStand();
    expect(await stand.ask({ path: "/other" }).text()).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(stand.sockets).toEqual([]);
    await stand.assertServes();
  });

  it("does nothing about an upgrade at another path that another listener may take, now or later", async () => {
    const stand = await wsStand();
    stand.server.on("upgrade", () => undefined);
    const client = stand.ask({ path: "/other" });
    await stand.assertServes();
    expect(client.socket.bytesRead).toBe(0);
    expect(client.socket.closed).toBe(false);
  });

  it("does nothing about an upgrade at another path of a source that cannot say who else listens", async () => {
    const stand = await wsStand();
    const source = new EventEmitter();
    stand.transport.attach({ on: source.on.bind(source), off: source.off.bind(source) });
    const socket = new PassThrough();
    source.emit("upgrade", { url: "/other" }, socket, Buffer.alloc(0));
    expect(socket.destroyed || socket.writableEnded).toBe(false);
  });

  it("survives a peer that is gone before it is refused", async () => {
    const stand = await wsStand();
    for (let n = 0; n < 20; n++) stand.ask({ path: "/other" }).socket.resetAndDestroy();
    await stand.assertServes();
  });

  it("leaves an Express application's requests alone, also at its own path", async () => {
    const app = express();
    app.get(["/", "/ws"], (_request, response) => void response.send("hello"));
    const stand = await wsStand({}, app);
    for (const path of ["/", "/ws"]) {
      expect(await (await fetch(`http://127.0.0.1:${stand.port}${path}`)).text()).toBe("hello");
    }
    await stand.assertServes();
  });

  it.each(["/ws", "/ws?token=x", "/ws?"])("takes the upgrade of %s", async (path) => {
    const stand = await wsStand();
    expect(await stand.ask({ path }).status()).toBe(101);
  });

  it.each(["/ws/", "/WS", "/wsx", "/a/ws", "//ws"])("does not take the upgrade of %s", async (path) => {
    const stand = await wsStand();
    expect(await stand.ask({ path }).status()).toBe(404);
    expect(stand.sockets).toEqual([]);
  });

  it("serves several http servers and forgets them all at close", async () => {
    const stand = await wsStand();
    const second = createServer();
    onTestFinished(() => endServer(second));
    stand.transport.attach(second);
    stand.transport.attach(second);
    expect(second.listenerCount("upgrade")).toBe(1);
    await connect(`ws://127.0.0.1:${await listen(second)}/ws`);
    await until("the socket is open", () => stand.sockets.length === 1);
    await stand.transport.close();
    expect([stand.server.listenerCount("upgrade"), second.listenerCount("upgrade")]).toEqual([0, 0]);
    expect(() => stand.transport.attach(second)).toThrow(expect.objectContaining({ code: "unavailable" }));
  });

  it("turns arrivals away with 503 until it is started", async () => {
    const server = createServer();
    const transport = wsTransport();
    transport.bind({ admit: () => null, open: () => expect.unreachable() }, { maxFrameBytes: 100 });
    transport.attach(server);
    onTestFinished(() => endServer(server));
    await expect(connect(`ws://127.0.0.1:${await listen(server)}/ws`)).rejects.toThrow("503");
  });

  it("says what it needs when it is attached to something else", () => {
    expect(() => wsTransport().attach({} as never)).toThrow(/http\.Server/);
  });
});

describe("wsTransport, turning arrivals away", () => {
  it("answers with the status and with whole seconds to wait, rounded up", async () => {
    const stand = await wsStand();
    stand.door.refusal = { status: 429, retryAfterMs: 1_001 };
    const answer = await stand.ask().text();
    expect(answer).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/);
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
    expect(answer).toMatch(/\r\nRetry-After: 2\r\n/);
  });

  it("answers with the refusal that stopAccepting was given", async () => {
    const stand = await wsStand();
    stand.transport.stopAccepting({ status: 503, retryAfterMs: 5_000 });
    expect(await stand.ask().text()).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 5\r\n/);
  });
});

describe("wsTransport, addresses", () => {
  const table: readonly [trustProxy: string | false, header: string, address: string][] = [
    [false, "X-Forwarded-For: 192.0.2.1", "127.0.0.1"],
    ["X-Forwarded-For", "X-Forwarded-For: 192.0.2.1", "192.0.2.1"],
    ["x-forwarded-for", "X-Forwarded-For: 198.51.100.7, 192.0.2.1", "192.0.2.1"],
    ["x-forwarded-for", "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-For: 192.0.2.1", "192.0.2.1"],
    ["x-forwarded-for", "X-Forwarded-For: 192.0.2.1:50123", "192.0.2.1"],
    ["x-forwarded-for", "X-Forwarded-For: 2001:db8::1", "2001:db8::1"],
    ["x-forwarded-for", "X-Forwarded-For: [2001:db8::1]:50123", "2001:db8::1"],
    ["x-forwarded-for", "X-Forwarded-For: ::ffff:192.0.2.1", "192.0.2.1"],
    ["x-forwarded-for", "X-Forwarded-For: 192.0.2.1, unknown", "127.0.0.1"],
    ["x-forwarded-for", "X-Forwarded-For: 192.0.2.1,", "127.0.0.1"],
    ["x-real-ip", "X-Forwarded-For: 192.0.2.1", "127.0.0.1"],
  ];
  it.each(table)("trustProxy %j and %j make it %s", async (trustProxy, header, address) => {
    const stand = await wsStand({ trustProxy });
    expect(await stand.ask({ headers: [header] }).status()).toBe(101);
    expect(stand.addresses).toEqual([address]);
    expect(stand.sockets[0]?.socket.address).toBe(address);
  });
});

describe("wsTransport, options", () => {
  it("names every problem at once, with what was received", () => {
    const options = { path: "ws", origins: ["https://a.example/path", 7], trustProxy: "x y", compress: true };
    let message = "";
    try {
      wsTransport(options as never);
    } catch (error) {
      message = (error as Error).message;
    }
    for (const part of [
      /path: .*"ws"/,
      /origins\[0\]: .*\/path"/,
      /origins\[1\]: .*7/,
      /trustProxy: .*"x y"/,
      /compress/,
    ]) {
      expect(message).toMatch(part);
    }
  });

  it.each([
    [null],
    ["/ws"],
    [{ origins: [] }],
    [{ origins: "https://a.example" }],
    [{ path: "/a?b" }],
    [{ trustProxy: true }],
  ])("refuses %j", (options) => {
    expect(() => wsTransport(options as never)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });
});

describe("WsSocket", () => {
  /** The library's socket as far as a write goes: every write ends the way `outcome` says. */
  function writing(outcome: Error | null) {
    const ws = Object.assign(new EventEmitter(), {
      readyState: WebSocket.OPEN,
      verdict: null,
      terminate: () => void ws.emit("close", 1006),
      send: (_bytes: Uint8Array, _options: object, done: (error?: Error | null) => void) => done(outcome),
    });
    const socket = new WsSocket(ws as unknown as ServerWebSocket, "127.0.0.1");
    const recorded = new RecordedSocket(socket);
    socket.listen(recorded);
    socket.send(new Uint8Array(1));
    return recorded;
  }

  it("B7: a socket whose write fails ends", () => {
    expect(writing(null)).toMatchObject({ flushed: 1, closed: [] });
    expect(writing(new Error("write EPIPE"))).toMatchObject({ flushed: 0, closed: [1006] });
  });
});

describe("wsTransport, goodbyes", () => {
  it("drops a peer that does not answer a goodbye within 3 s", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    stand.sockets[0]?.socket.close(4410, "kicked");
    expect(await client.closeCode()).toBe(4410);
    vi.advanceTimersByTime(2_999);
    for (let i = 0; i < 20; i++) await nextTurn();
    expect(stand.sockets[0]?.closed).toEqual([]);
    vi.advanceTimersByTime(1);
    await client.ended;
    await until("the end is told", () => stand.sockets[0]?.closed.length === 1);
    expect(stand.sockets[0]?.closed).toEqual([1006]);
  });

  it("reads the answer to its goodbye although it was paused, without waiting for the 3 s", async () => {
    const stand = await wsStand();
    const client = await connect(`ws://127.0.0.1:${stand.port}/ws`);
    await until("the socket is open", () => stand.sockets.length === 1);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    stand.sockets[0]?.socket.pause();
    stand.sockets[0]?.socket.close(4410, "kicked");
    expect(await client.closed).toBe(4410);
    await until("the end is told", () => stand.sockets[0]?.closed.length === 1);
    expect(stand.sockets[0]?.closed).toEqual([4410]);
  });

  it("drops a peer that ends its half without a goodbye and never reads", async () => {
    const stand = await wsStand();
    const client = await stand.openRaw();
    client.socket.pause();
    const server = stand.sockets[0];
    for (let i = 0; i < 512; i++) server?.socket.send(new Uint8Array(65_536));
    client.socket.end();
    await until("bytes wait", () => (server?.socket.bufferedBytes ?? 0) > 0);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    server?.socket.close(4508, "reads too slowly");
    vi.advanceTimersByTime(3_000);
    await until("the end is told", () => server?.closed.length === 1);
    expect(server?.closed).toEqual([1006]);
  });
});
