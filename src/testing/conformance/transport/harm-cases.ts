import { assertEqual } from "../assert.js";
import { assertNumbered, numberedFrame } from "./test-frames.js";
import { MAX_FRAME_BYTES, type Pair, type TransportCases } from "./transport-stage.js";
import { until } from "./until.js";

const INTERNAL_ERROR = 1011;

async function assertServed({ client, server }: Pair): Promise<void> {
  client.send(numberedFrame(0));
  await until("the other socket's frame arrives", () => server.frames.length === 1);
  server.socket.send(numberedFrame(0));
  await until("the other socket's answer arrives", () => client.received.length === 1);
  assertNumbered(server.frames, 1);
}

function failing(): never {
  throw new Error("a listener failed");
}

/** One socket's trouble is its own. */
export const harmCases: TransportCases = (it) => {
  it("closes a socket with 4413 for a frame above the limit, and no other", async (stage) => {
    const [bad, good] = [await stage.pair(), await stage.pair()];
    bad.client.send(new Uint8Array(MAX_FRAME_BYTES + 1));
    bad.client.send(numberedFrame(0));
    assertEqual(await bad.client.closed, 4413, "the client's close code");
    await until("the server hears the end", () => bad.server.closed.length === 1);
    assertEqual(bad.server.closed, [4413], "the server's close codes");
    assertEqual(bad.server.frames.length, 0, "frames delivered");
    await assertServed(good);
  });

  it("closes a socket with 1011 when its onFrame throws, and no other", async (stage) => {
    const [bad, good] = [await stage.pair(), await stage.pair()];
    bad.server.whenFrame = failing;
    bad.client.send(numberedFrame(0));
    bad.client.send(numberedFrame(1));
    assertEqual(await bad.client.closed, INTERNAL_ERROR, "the client's close code");
    assertNumbered(bad.server.frames, 1);
    await assertServed(good);
  });

  it("closes a socket with 1011 when its onFlushed throws, and no other", async (stage) => {
    const [bad, good] = [await stage.pair(), await stage.pair()];
    bad.server.onFlushed = failing;
    bad.server.socket.send(numberedFrame(0));
    assertEqual(await bad.client.closed, INTERNAL_ERROR, "the client's close code");
    await assertServed(good);
  });

  it("closes a socket with 1011 when its onAlive throws, and no other", async (stage) => {
    const [bad, good] = [await stage.pair(), await stage.pair()];
    bad.server.onAlive = failing;
    bad.server.socket.ping();
    assertEqual(await bad.client.closed, INTERNAL_ERROR, "the client's close code");
    await assertServed(good);
  });

  it("lives on when onClosed throws", async (stage) => {
    const [bad, good] = [await stage.pair(), await stage.pair()];
    const record = bad.server.onClosed.bind(bad.server);
    bad.server.onClosed = (code) => {
      record(code);
      failing();
    };
    bad.client.close(1000, "done");
    await until("the server hears the end", () => bad.server.closed.length === 1);
    await assertServed(good);
  });

  it("closes a socket with 1011 when open throws, and opens the next", async (stage) => {
    stage.whenOpen = failing;
    const client = await stage.connect();
    assertEqual(await client.closed, INTERNAL_ERROR, "the client's close code");
    // Its listener was never handed over, so nobody can be told of its end.
    stage.sockets.length = 0;
    stage.whenOpen = () => undefined;
    await assertServed(await stage.pair());
  });
};
