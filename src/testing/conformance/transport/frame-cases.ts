import { assertBytes, assertEqual } from "../assert.js";
import { assertNumbered, numberedFrame } from "./test-frames.js";
import { MAX_FRAME_BYTES, type TransportCases } from "./transport-stage.js";
import { until } from "./until.js";

const MANY = 1_000;

/** Frames on their way: unchanged, in order, all of them. */
export const frameCases: TransportCases = (it) => {
  it("carries a frame to the server unchanged", async (stage) => {
    const { client, server } = await stage.pair();
    client.send(new Uint8Array([0, 1, 127, 128, 255]));
    await until("the frame arrives", () => server.frames.length === 1);
    assertBytes(server.frames[0] as Uint8Array, new Uint8Array([0, 1, 127, 128, 255]), "the bytes");
  });

  it("carries a frame to the client unchanged", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.send(new Uint8Array([0, 1, 127, 128, 255]));
    await until("the frame arrives", () => client.received.length === 1);
    assertBytes(client.received[0] as Uint8Array, new Uint8Array([0, 1, 127, 128, 255]), "the bytes");
  });

  it("carries an empty frame both ways", async (stage) => {
    const { client, server } = await stage.pair();
    client.send(new Uint8Array(0));
    server.socket.send(new Uint8Array(0));
    await until("both arrive", () => server.frames.length === 1 && client.received.length === 1);
    assertEqual([server.frames[0]?.length, client.received[0]?.length], [0, 0], "lengths");
  });

  it("carries a frame of exactly the largest size both ways", async (stage) => {
    const { client, server } = await stage.pair();
    client.send(numberedFrame(0, MAX_FRAME_BYTES));
    server.socket.send(numberedFrame(0, MAX_FRAME_BYTES));
    await until("both arrive", () => server.frames.length === 1 && client.received.length === 1);
    assertNumbered(server.frames, 1, MAX_FRAME_BYTES);
    assertNumbered(client.received, 1, MAX_FRAME_BYTES);
  });

  it("sends a view of a larger buffer as the view and nothing around it", async (stage) => {
    const { client, server } = await stage.pair();
    server.socket.send(new Uint8Array([9, 9, 1, 2, 9, 9]).subarray(2, 4));
    await until("the frame arrives", () => client.received.length === 1);
    assertBytes(client.received[0] as Uint8Array, new Uint8Array([1, 2]), "the bytes");
  });

  it(`keeps ${MANY} frames to the server in order`, async (stage) => {
    const { client, server } = await stage.pair();
    for (let i = 0; i < MANY; i++) client.send(numberedFrame(i));
    await until("all arrive", () => server.frames.length >= MANY);
    assertNumbered(server.frames, MANY);
  });

  it(`keeps ${MANY} frames to the client in order`, async (stage) => {
    const { client, server } = await stage.pair();
    for (let i = 0; i < MANY; i++) server.socket.send(numberedFrame(i));
    await until("all arrive", () => client.received.length >= MANY);
    assertNumbered(client.received, MANY);
  });

  it("delivers what the server sends while it opens a socket", async (stage) => {
    stage.whenOpen = (socket) => socket.send(numberedFrame(0));
    const { client } = await stage.pair();
    await until("the frame arrives", () => client.received.length === 1);
    assertNumbered(client.received, 1);
  });

  it("keeps the frames of two sockets apart", async (stage) => {
    const [a, b] = [await stage.pair(), await stage.pair()];
    a.client.send(new Uint8Array([1]));
    b.client.send(new Uint8Array([2]));
    a.server.socket.send(new Uint8Array([3]));
    b.server.socket.send(new Uint8Array([4]));
    const isComplete = () => [a, b].every(({ client, server }) => client.received.length + server.frames.length === 2);
    await until("all four arrive", isComplete);
    assertEqual([a.server.frames[0]?.[0], b.server.frames[0]?.[0]], [1, 2], "what the server read");
    assertEqual([a.client.received[0]?.[0], b.client.received[0]?.[0]], [3, 4], "what the clients read");
  });

  it("answers a ping with onAlive", async (stage) => {
    const { server } = await stage.pair();
    assertEqual(server.alive, 0, "signs of life before the ping");
    server.socket.ping();
    await until("the answer arrives", () => server.alive === 1);
  });
};
