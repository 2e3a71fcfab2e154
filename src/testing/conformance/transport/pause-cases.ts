import { assertEqual } from "../assert.js";
import { roundTrips } from "./round-trips.js";
import { assertNumbered, numberedFrame } from "./test-frames.js";
import type { TransportCases } from "./transport-stage.js";
import { until } from "./until.js";

const MANY = 3_000;

/** A paused socket is not read, and loses nothing. */
export const pauseCases: TransportCases = (it) => {
  it("holds frames while paused and delivers all of them in order after resume", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.pause();
    server.socket.pause();
    for (let i = 0; i < MANY; i++) client.send(numberedFrame(i));
    await roundTrips(stage);
    assertEqual(server.frames.length, 0, "frames delivered while paused");
    server.socket.resume();
    server.socket.resume();
    await until("all arrive", () => server.frames.length >= MANY);
    assertNumbered(server.frames, MANY);
  });

  it("loses and swaps nothing when it is paused and resumed at every frame", async (stage) => {
    const { client, server } = await stage.pair();
    server.whenFrame = () => {
      server.socket.pause();
      setImmediate(() => server.socket.resume());
    };
    for (let i = 0; i < MANY; i++) client.send(numberedFrame(i));
    await until("all arrive", () => server.frames.length >= MANY);
    assertNumbered(server.frames, MANY);
  });

  it("sends while it is paused", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.pause();
    server.socket.send(numberedFrame(0));
    await until("the frame arrives", () => client.received.length === 1);
  });

  it("closes with its code while it is paused", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.pause();
    client.send(numberedFrame(0));
    server.socket.close(4409, "replaced");
    assertEqual(await client.closed, 4409, "the client's close code");
    await until("the server hears the end", () => server.closed.length === 1);
    assertEqual(server.closed, [4409], "the server's close codes");
    assertEqual(server.frames.length, 0, "frames delivered after close");
  });

  it("hears after resume that the client closed while it was paused", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.pause();
    client.send(numberedFrame(0));
    client.close(1000, "done");
    await roundTrips(stage);
    assertEqual(server.closed, [], "ends told while paused");
    server.socket.resume();
    await until("the server hears the end", () => server.closed.length === 1);
    assertNumbered(server.frames, 1);
    assertEqual(server.closed, [1000], "the server's close codes");
  });
};
