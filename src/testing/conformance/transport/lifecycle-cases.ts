import { assertEqual } from "../assert.js";
import type { TransportCases } from "./transport-stage.js";
import { until } from "./until.js";

/** Kinds of active resources that a transport could forget to give back. */
const HANDLES = ["TCPSocketWrap", "TCPServerWrap", "PipeWrap", "Timeout"];

/** How many handles hold this process up. */
export function countHandles(): number {
  return process.getActiveResourcesInfo().filter((kind) => HANDLES.includes(kind)).length;
}

/** `start` and `close`. */
export const lifecycleCases: TransportCases = (it) => {
  it("starts twice without harm", async (stage) => {
    await stage.transport.start();
    const { client, server } = await stage.pair();
    client.send(new Uint8Array([1]));
    await until("the frame arrives", () => server.frames.length === 1);
  });

  it("closes twice, and two closes at once both wait for the end", async (stage) => {
    const { server } = await stage.pair();
    await Promise.all([stage.transport.close(), stage.transport.close()]);
    assertEqual(server.closed.length, 1, "ends told before close resolved");
    await stage.transport.close();
  });

  it("may be started after it was closed, and stays closed", async (stage) => {
    await stage.transport.close();
    await stage.transport.start();
    await stage.connect().then(
      () => assertEqual("let in", "turned away", "what happens to an arrival after close"),
      () => undefined,
    );
  });

  it("ends every socket at close, with one onClosed each, before close resolves", async (stage) => {
    const pairs = [await stage.pair(), await stage.pair(), await stage.pair()];
    await stage.transport.close();
    for (const { server } of pairs) assertEqual(server.closed.length, 1, "ends told before close resolved");
    for (const { client } of pairs) await client.closed;
  });

  it("ends sockets at close that are paused, closing, or have bytes left to send", async (stage) => {
    const pairs = [await stage.pair(), await stage.pair(), await stage.pair()];
    pairs[0]?.server.socket.pause();
    pairs[1]?.client.stopReading();
    pairs[1]?.server.socket.close(4409, "replaced");
    pairs[2]?.client.stopReading();
    for (let i = 0; i < 256; i++) pairs[2]?.server.socket.send(new Uint8Array(65_536));
    await stage.transport.close();
    for (const { server } of pairs) assertEqual(server.closed.length, 1, "ends told before close resolved");
  });
};
