import { connect, createServer, type Socket } from "node:net";
import { credentials, status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseAddress } from "../../../src/adapters/grpc/address.js";
import type { GrpcRpcOptions } from "../../../src/adapters/grpc/index.js";
import { Authority, canMakeCertificates } from "./certificates.js";
import { GrpcNode } from "./grpc-node.js";
import { OriginalClient } from "./original-client.js";

const closing: (() => unknown)[] = [];

async function start(id: string, options?: GrpcRpcOptions): Promise<GrpcNode> {
  const node = await GrpcNode.start(id, options);
  closing.push(() => node.rpc.close());
  return node;
}

/** A way to a node that counts the connections made, and those that have ended. */
async function countedWay(to: string) {
  const target = parseAddress(to) ?? { host: "", port: 0 };
  const counts = { made: 0, ended: 0 };
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(target);
    counts.made++;
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.pipe(far).pipe(near);
    far.on("close", () => {
      counts.ended++;
      near.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const place = server.address();
  return { counts, address: `127.0.0.1:${typeof place === "object" ? place?.port : 0}` };
}

/** What a peer closes is known here after some turns. */
async function turns(): Promise<void> {
  for (let n = 0; n < 50; n++) await new Promise((resolve) => setImmediate(resolve));
}

describe("connections of who is heard", () => {
  const authority = canMakeCertificates ? new Authority() : null;
  const tls = authority?.issue({ name: "node.chat.example" });

  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(async () => {
    vi.useRealTimers();
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => authority?.remove());

  const kinds: [string, GrpcRpcOptions][] = [["without TLS", { plaintext: true }]];
  if (tls !== undefined) kinds.push(["with TLS", { tls }]);

  it.each(kinds)("P14: a peer's stays when the time of the silent is over, %s", async (_kind, options) => {
    const [a, b] = [await start("a", options), await start("b", options)];
    const way = await countedWay(b.rpc.address);
    const info = { ...b.info, address: way.address };
    expect(await a.send(info)).toBe("taken");
    vi.advanceTimersByTime(10_000);
    await turns();
    expect(await a.send(info)).toBe("taken");
    expect(way.counts).toEqual({ made: 1, ended: 0 });
  });

  it("that of a program of the original protocol stays as well, once it has called", async () => {
    const node = await start("a");
    const way = await countedWay(node.rpc.address);
    const client = new OriginalClient(way.address, credentials.createInsecure());
    closing.push(() => client.close());
    expect(await client.deliver("7", Uint8Array.of(1))).toBe(status.OK);
    vi.advanceTimersByTime(10_000);
    await turns();
    expect(way.counts).toEqual({ made: 1, ended: 0 });
  });

  it.skipIf(tls === undefined)(
    "S27: whoever shows a certificate of no node is dropped, whatever it calls",
    async () => {
      if (authority === null || tls === undefined) return;
      const node = await start("a", { tls: { ...tls, allowedNames: ["node.chat.example"] } });
      const way = await countedWay(node.rpc.address);
      const other = authority.issue({ name: "client.chat.example" });
      const [ca, key, cert] = [Buffer.from(other.ca), Buffer.from(other.key), Buffer.from(other.cert)];
      const creds = credentials.createSsl(ca, key, cert, { checkServerIdentity: () => undefined });
      const client = new OriginalClient(way.address, creds);
      closing.push(() => client.close());
      expect(await client.deliver("7", Uint8Array.of(1))).toBe(status.PERMISSION_DENIED);
      expect(way.counts.ended).toBe(0);
      vi.advanceTimersByTime(10_000);
      await turns();
      expect(way.counts.ended).toBe(1);
    },
  );
});
