import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { GrpcNode } from "./grpc-node.js";

const closing: (() => unknown)[] = [];

async function start(id: string): Promise<GrpcNode> {
  const node = await GrpcNode.start(id);
  closing.push(() => node.rpc.close());
  return node;
}

/** One that lets everybody connect and never says anything. */
async function silentServer(): Promise<{ readonly port: number; readonly sockets: readonly Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer({ pauseOnConnect: true }, (socket) => sockets.push(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return { port: typeof address === "object" ? (address?.port ?? 0) : 0, sockets };
}

const openSockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe("the lines of a node", () => {
  it("P14: one connection to a peer carries all batches, and is given back when the peer is forgotten", async () => {
    const [a, b] = [await start("a"), await start("b")];
    const before = openSockets();
    for (let n = 0; n < 20; n++) expect(await a.send(b.info)).toBe("taken");
    expect(openSockets()).toBe(before + 2);
    a.rpc.forget("b");
    await vi.waitFor(() => expect(openSockets()).toBe(before));
  });

  it("P9: tries to reach one that never answers leave no connections behind", async () => {
    const { port, sockets } = await silentServer();
    const a = await start("a");
    const before = openSockets();
    const silent = { id: "silent", epoch: "e", address: `127.0.0.1:${port}` };
    expect([await a.send(silent), await a.send(silent)]).toEqual(["unavailable", "unavailable"]);
    await vi.waitFor(() => expect(openSockets() - sockets.length).toBe(before));
  });

  it("says that it is degraded while a peer does not answer, once, and up when it is forgotten", async () => {
    const a = await start("a");
    const gone = { id: "gone", epoch: "e", address: "127.0.0.1:1" };
    expect([await a.send(gone), await a.send(gone)]).toEqual(["unavailable", "unavailable"]);
    a.rpc.forget("gone");
    expect(a.conditions).toEqual([
      { state: "up" },
      { state: "degraded", reason: "no answer from node gone at 127.0.0.1:1" },
      { state: "up" },
    ]);
  });

  it("names the peers that do not answer now, and counts them, until all do", async () => {
    const [a, b] = [await start("a"), await start("b")];
    const gone = (id: string, port: number) => ({ id, epoch: "e", address: `127.0.0.1:${port}` });
    const [away, ...others] = [gone("b", 1), gone("c", 2), gone("d", 3), gone("e", 4)];
    for (const peer of [away, away, ...others]) expect(await a.send(peer ?? b.info)).toBe("unavailable");
    expect(await a.send(b.info)).toBe("taken");
    for (const id of ["c", "d", "e"]) a.rpc.forget(id);
    const reasons = a.conditions.map((condition) => ("reason" in condition ? condition.reason : condition.state));
    expect(reasons).toEqual([
      "up",
      "no answer from node b at 127.0.0.1:1",
      "no answer from 2 nodes: b at 127.0.0.1:1, c at 127.0.0.1:2",
      "no answer from 3 nodes: b at 127.0.0.1:1, c at 127.0.0.1:2, d at 127.0.0.1:3",
      "no answer from 4 nodes: b at 127.0.0.1:1, c at 127.0.0.1:2, d at 127.0.0.1:3, …",
      "no answer from 3 nodes: c at 127.0.0.1:2, d at 127.0.0.1:3, e at 127.0.0.1:4",
      "no answer from 2 nodes: d at 127.0.0.1:3, e at 127.0.0.1:4",
      "no answer from node e at 127.0.0.1:4",
      "up",
    ]);
  });

  it("takes 1 kB to a peer and its answer back in less than the 200 ms a look-up may take", async () => {
    const [a, b] = [await start("a"), await start("b")];
    const batch = new Uint8Array(1_024);
    const times: number[] = [];
    for (let n = 0; n < 2_000; n++) {
      const begin = performance.now();
      await a.rpc.send(b.info, batch);
      times.push(performance.now() - begin);
    }
    times.sort((x, y) => x - y);
    const at = (part: number): number => times[Math.floor(part * times.length)] ?? 0;
    console.log(`1 kB to a peer and back: p50 ${at(0.5).toFixed(3)} ms, p99 ${at(0.99).toFixed(3)} ms`);
    expect(at(0.5)).toBeLessThan(200);
  });
});
