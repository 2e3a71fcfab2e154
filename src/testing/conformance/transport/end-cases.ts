import { assertEqual } from "../assert.js";
import { assertNumbered, numberedFrame } from "./test-frames.js";
import type { TransportCases } from "./transport-stage.js";
import { until } from "./until.js";

/** The end comes once, and nothing comes after it. */
export const endCases: TransportCases = (it) => {
  it("delivers no frame after close was called", async (stage) => {
    const { client, server } = await stage.pair();
    server.whenFrame = () => server.socket.close(4400, "bad frame");
    for (let i = 0; i < 100; i++) client.send(numberedFrame(i));
    assertEqual(await client.closed, 4400, "the client's close code");
    await until("the server hears the end", () => server.closed.length === 1);
    assertNumbered(server.frames, 1);
  });

  it("delivers no frame after terminate was called", async (stage) => {
    const { client, server } = await stage.pair();
    server.whenFrame = () => server.socket.terminate();
    for (let i = 0; i < 100; i++) client.send(numberedFrame(i));
    await until("the server hears the end", () => server.closed.length === 1);
    assertNumbered(server.frames, 1);
  });

  it("tells both ends 1006 after terminate", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.terminate();
    assertEqual(await client.closed, 1006, "the client's close code");
    await until("the server hears the end", () => server.closed.length === 1);
    assertEqual(server.closed, [1006], "the server's close codes");
  });

  it("tells the server 1006 when the client vanishes", async (stage) => {
    const { client, server } = await stage.pair();
    client.drop();
    await until("the server hears the end", () => server.closed.length === 1);
    assertEqual(server.closed, [1006], "the server's close codes");
  });

  it("ends once when both ends close at the same moment", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.close(4409, "replaced");
    client.close(1000, "done");
    await client.closed;
    await until("the server hears the end", () => server.closed.length === 1);
  });

  it("ends once, with the first code, however often it is closed and terminated", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.close(4409, "first");
    server.socket.close(4410, "second");
    assertEqual(await client.closed, 4409, "the client's close code");
    await until("the server hears the end", () => server.closed.length === 1);
    server.socket.close(4410, "third");
    server.socket.terminate();
  });

  it("may be closed while it is being opened", async (stage) => {
    stage.whenOpen = (socket) => socket.close(4403, "not you");
    const { client } = await stage.pair();
    assertEqual(await client.closed, 4403, "the client's close code");
  });

  it("is silent after its end although answers were still on their way", async (stage) => {
    const { client, server } = await stage.pair();
    server.whenFrame = () => {
      server.socket.ping();
      server.socket.send(numberedFrame(0));
    };
    for (let i = 0; i < 10; i++) client.send(numberedFrame(i));
    client.close(1000, "done");
    await until("the server hears the end", () => server.closed.length === 1);
    await client.closed;
  });

  it("is silent after its end, whatever is called", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.close(4410, "kicked");
    server.socket.send(numberedFrame(0));
    await until("the server hears the end", () => server.closed.length === 1);
    server.socket.send(numberedFrame(1));
    server.socket.ping();
    server.socket.pause();
    server.socket.resume();
    await client.closed;
    assertEqual(client.received.length, 0, "frames sent after close that arrived");
  });
};
