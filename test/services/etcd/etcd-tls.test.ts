import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type EtcdDiscoveryOptions, type EtcdTls, etcdDiscovery } from "../../../src/adapters/etcd/index.js";
import { RecordedNode } from "../../../src/testing/conformance/discovery/recorded-node.js";
import { Authority, canMakeCertificates } from "../../adapters/grpc/certificates.js";
import { TlsLine } from "../tls-line.js";

const url = inject("services").etcd;

describe.skipIf(url === undefined || !canMakeCertificates)("etcdDiscovery over TLS", () => {
  let authority: Authority;
  let stranger: Authority;
  let pems: Required<EtcdTls>;
  beforeAll(() => {
    [authority, stranger] = [new Authority(), new Authority()];
    const { ca = "", cert, key } = authority.issue({ name: "localhost" });
    pems = { ca, cert, key };
  });
  afterAll(() => {
    authority.remove();
    stranger.remove();
  });

  async function start(tls: EtcdDiscoveryOptions["tls"], isMutual = false): Promise<RecordedNode> {
    const { cert, key } = pems;
    const line = await TlsLine.to(url ?? "", { cert, key, protocol: "h2", ...(isMutual && { clientCa: pems.ca }) });
    const hosts = [`localhost:${line.port}`];
    const options = { hosts, prefix: `tls-${process.pid}/`, ...(tls !== undefined && { tls }) };
    const node = new RecordedNode({ adapter: etcdDiscovery(options) }, "a", "10.0.0.1:9094");
    await node.discovery.start();
    await node.close();
    await line.close();
    return node;
  }
  const wasUp = (node: RecordedNode): boolean => node.conditions.some(({ state }) => state === "up");

  it("S29: a server whose certificate our authority has signed is taken, with a certificate of our own, too", async () => {
    expect(wasUp(await start({ ca: pems.ca }))).toBe(true);
    expect(wasUp(await start(pems, true))).toBe(true);
  });

  it("S29: a server of another authority is refused, and a refusal is told", async () => {
    for (const tls of [true, { ca: stranger.issue({ name: "localhost" }).ca ?? "" }]) {
      const node = await start(tls);
      expect(node.conditions.map(({ state }) => state)).toEqual(["down"]);
      expect(JSON.stringify(node.conditions)).toMatch(/certificate/);
    }
  });
});
