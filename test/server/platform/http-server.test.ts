import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { wsTransport } from "../../../src/adapters/ws/ws-transport.js";
import { openHttpServer } from "../../../src/server/platform/http-server.js";
import { handshake, RawWebSocket } from "../../adapters/raw-web-socket.js";
import { connect } from "../../adapters/ws-fixture.js";

async function open() {
  const http = await openHttpServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => http.close());
  return { ...http, port: Number(new URL(http.url).port) };
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe("openHttpServer", () => {
  it("answers every request with 404 and a code", async () => {
    const { url } = await open();
    const response = await fetch(`${url}/anything`, { method: "POST", body: "x" });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toEqual({ code: 1017, msg: "not found", data: null });
  });

  it("names localhost when it listens everywhere, and the host otherwise", async () => {
    const everywhere = await openHttpServer({ port: 0 });
    expect(everywhere.url).toMatch(/^http:\/\/localhost:\d+$/);
    await everywhere.close();
    expect((await open()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("says what to do when the port is taken", async () => {
    const { port } = await open();
    const error = await caught(openHttpServer({ port, host: "127.0.0.1" }));
    expect(error).toMatchObject({
      code: "operation_failed",
      message: `port ${port} on 127.0.0.1 is already in use: choose another port or stop the other program`,
    });
  });

  it("says what is wrong with an address of another machine or a port out of range", async () => {
    expect(await caught(openHttpServer({ port: 0, host: "192.0.2.1" }))).toMatchObject({
      code: "operation_failed",
      message: expect.stringContaining("this machine does not have that address"),
    });
    expect(await caught(openHttpServer({ port: 99_999 }))).toMatchObject({ code: "operation_failed" });
  });

  it("answers 404 to an upgrade while nothing is attached, and to one at no path of what is attached", async () => {
    const { server, port } = await open();
    const before = new RawWebSocket(port, handshake({ path: "/nobody" }));
    expect(await before.status()).toBe(404);
    wsTransport().attach(server);
    const after = new RawWebSocket(port, handshake({ path: "/nobody" }));
    expect(await after.text()).toMatch(/^HTTP\/1\.1 404 /);
  });

  it("ends idle, half-sent and upgraded connections at close, twice without harm", async () => {
    const { server, port, close } = await open();
    const sockets = new WebSocketServer({ server });
    const upgraded = await connect(`ws://127.0.0.1:${port}/`);
    const halfSent = new RawWebSocket(port, "GET / HTTP/1.1\r\nHost: a\r\n");
    await fetch(`http://127.0.0.1:${port}/`);
    await Promise.all([close(), close()]);
    expect(await upgraded.closed).toBe(1006);
    await halfSent.ended;
    expect(await caught(fetch(`http://127.0.0.1:${port}/`))).toBeInstanceOf(Error);
    sockets.close();
  });
});
