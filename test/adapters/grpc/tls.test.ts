import { credentials, status } from "@grpc/grpc-js";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { GrpcRpcOptions, GrpcTls } from "../../../src/adapters/grpc/index.js";
import { Authority, canMakeCertificates } from "./certificates.js";
import { GrpcNode } from "./grpc-node.js";
import { OriginalClient } from "./original-client.js";

// Without the program openssl no certificates can be made, and these are left out.
describe.skipIf(!canMakeCertificates)("mutual TLS", () => {
  const authority = new Authority();
  const stranger = new Authority();
  const nodes: GrpcNode[] = [];
  const clients: OriginalClient[] = [];
  const allowedNames = ["node.chat.example"];
  const good = { ...authority.issue({ name: "node.chat.example" }), allowedNames };
  const goods: GrpcRpcOptions = { tls: good };

  const node = async (id: string, options: GrpcRpcOptions): Promise<GrpcNode> => {
    const started = await GrpcNode.start(id, options);
    nodes.push(started);
    return started;
  };

  /** What becomes of a batch each way between a good node and one with other certificates. */
  const bothWays = async (tls: GrpcTls): Promise<string[]> => {
    const [inside, outside] = [await node("inside", goods), await node("outside", { tls })];
    const ways = [await outside.send(inside.info), await inside.send(outside.info)];
    expect([...inside.batches, ...outside.batches]).toHaveLength(ways.filter((way) => way === "taken").length);
    return ways;
  };

  const client = (address: string, creds = credentials.createInsecure()): OriginalClient => {
    const made = new OriginalClient(address, creds);
    clients.push(made);
    return made;
  };

  afterEach(async () => {
    for (const each of clients.splice(0)) each.close();
    await Promise.all(nodes.splice(0).map(({ rpc }) => rpc.close()));
  });

  afterAll(() => {
    authority.remove();
    stranger.remove();
  });

  it("S27: nodes of one authority with names that are allowed reach each other, wherever they are", async () => {
    expect(await bothWays({ ...authority.issue({ name: "node.chat.example" }), allowedNames })).toEqual([
      "taken",
      "taken",
    ]);
  });

  it("S27: without allowedNames whoever the authority has signed is a node", async () => {
    const [a, b] = [
      await node("a", { tls: authority.issue({ name: "any" }) }),
      await node("b", { tls: authority.issue({ name: "other" }) }),
    ];
    expect(await a.send(b.info)).toBe("taken");
  });

  it("S27: a certificate of another authority is refused, both ways", async () => {
    expect(await bothWays({ ...stranger.issue({ name: "node.chat.example" }), allowedNames })).toEqual([
      "unavailable",
      "unavailable",
    ]);
  });

  it("S27: one of another authority is refused also by a node that it trusts", async () => {
    const { ca } = authority.issue({ name: "unused" });
    expect(await bothWays({ ...stranger.issue({ name: "node.chat.example" }), ca })).toEqual([
      "unavailable",
      "unavailable",
    ]);
  });

  it("S27: a certificate that has expired is refused, both ways", async () => {
    expect(await bothWays(authority.issue({ name: "node.chat.example", days: -1 }))).toEqual([
      "unavailable",
      "unavailable",
    ]);
  });

  it("S27: a client's certificate of the right authority is none of a node, both ways", async () => {
    expect(await bothWays(authority.issue({ name: "client.chat.example" }))).toEqual(["unavailable", "unavailable"]);
  });

  it("S27: a certificate for calling alone cannot be called, one for being called alone cannot call", async () => {
    expect(await bothWays(authority.issue({ name: "node.chat.example", uses: "clientAuth" }))).toEqual([
      "taken",
      "unavailable",
    ]);
    expect(await bothWays(authority.issue({ name: "node.chat.example", uses: "serverAuth" }))).toEqual([
      "unavailable",
      "taken",
    ]);
  });

  it("S27: who has no certificate, or does not encrypt, gets nothing through, both ways", async () => {
    const [inside, plain] = [await node("inside", goods), await node("plain", { plaintext: true })];
    expect([await plain.send(inside.info), await inside.send(plain.info)]).toEqual(["unavailable", "unavailable"]);
    const noCertificate = credentials.createSsl(Buffer.from(good.ca), null, null, {
      checkServerIdentity: () => undefined,
    });
    expect(await client(inside.rpc.address, noCertificate).deliver("1", Uint8Array.of(1))).toBe(status.UNAVAILABLE);
    expect(await client(inside.rpc.address).deliver("1", Uint8Array.of(1))).toBe(status.UNAVAILABLE);
    expect([...inside.batches, ...inside.delivered, ...plain.batches]).toEqual([]);
  });

  it("S27: a client's certificate of the right authority delivers nothing either, a node's does", async () => {
    const inside = await node("inside", goods);
    const call = (tls: GrpcTls): Promise<number> => {
      const [ca, key, cert] = [Buffer.from(tls.ca), Buffer.from(tls.key), Buffer.from(tls.cert)];
      const creds = credentials.createSsl(ca, key, cert, { checkServerIdentity: () => undefined });
      return client(inside.rpc.address, creds).deliver("7", Uint8Array.of(1));
    };
    expect(await call(authority.issue({ name: "client.chat.example" }))).toBe(status.PERMISSION_DENIED);
    expect(inside.delivered).toEqual([]);
    expect(await call(good)).toBe(status.OK);
    expect(inside.delivered).toEqual(["7"]);
  });
});
