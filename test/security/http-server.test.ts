import { describe, expect, it, onTestFinished } from "vitest";
import { wsTransport } from "../../src/adapters/ws/ws-transport.js";
import { openHttpServer } from "../../src/server/platform/http-server.js";
import { handshake, RawWebSocket } from "../adapters/raw-web-socket.js";

const MANY_HEADERS = Array.from({ length: 2_000 }, () => "a:1");

async function open() {
  const transport = wsTransport();
  const http = await openHttpServer({ port: 0, host: "127.0.0.1" });
  transport.bind({ admit: () => null, open: () => expect.unreachable() }, { maxFrameBytes: 65_536 });
  transport.attach(http.server);
  await transport.start();
  onTestFinished(async () => {
    await transport.close();
    await http.close();
  });
  const port = Number(new URL(http.url).port);
  return { ...http, ask: (text: string) => new RawWebSocket(port, text) };
}

describe("S7: the http server takes only so much", () => {
  it("X11: S7: it has limits on time, on headers and on requests per connection", async () => {
    const { server } = await open();
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 15_000, maxHeadersCount: 100 });
    expect(server.keepAliveTimeout).toBeLessThanOrEqual(5_000);
    expect(server.maxRequestsPerSocket).toBe(1_000);
  });

  it("S7: a request with 2,000 headers is answered", async () => {
    const { ask, url } = await open();
    const request = ["GET / HTTP/1.1", "Host: a", ...MANY_HEADERS, "Connection: close"].join("\r\n");
    expect(await ask(`${request}\r\n\r\n`).status()).toBe(404);
    expect((await fetch(url)).status).toBe(404);
  });

  it("S7: an upgrade that hides its headers behind 2,000 others is refused and hurts nobody", async () => {
    const { ask, url } = await open();
    expect(await ask(handshake({ headers: MANY_HEADERS })).status()).toBe(400);
    expect((await fetch(url)).status).toBe(404);
  });

  it("S7: headers above 16 KiB are answered 431, also for an upgrade", async () => {
    const { ask, url } = await open();
    const large = `X-Large: ${"x".repeat(17 * 1_024)}`;
    expect(await ask(`GET / HTTP/1.1\r\nHost: a\r\n${large}\r\n\r\n`).status()).toBe(431);
    expect(await ask(handshake({ headers: [large] })).status()).toBe(431);
    expect((await fetch(url)).status).toBe(404);
  });

  it("S7: bytes that are no HTTP are answered 400", async () => {
    const { ask, url } = await open();
    expect(await ask("\u0016\u0003\u0001 hello\r\n\r\n").status()).toBe(400);
    expect((await fetch(url)).status).toBe(404);
  });
});
