import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Condition } from "../../../src/adapters/contracts/nodes.js";
import { type RedisTls, redisPresence } from "../../../src/adapters/redis/index.js";
import { Authority, canMakeCertificates } from "../../adapters/grpc/certificates.js";
import { TlsLine } from "../tls-line.js";

const url = inject("services").redis;

describe.skipIf(url === undefined || !canMakeCertificates)("redisPresence over TLS", () => {
  let authority: Authority;
  let stranger: Authority;
  beforeAll(() => {
    [authority, stranger] = [new Authority(), new Authority()];
  });
  afterAll(() => {
    authority.remove();
    stranger.remove();
  });
  const ca = (by: Authority) => by.issue({ name: "nobody" }).ca ?? "";

  /** @param name what the server's certificate says; it is reached as localhost */
  async function conditionsAt(name: string, tls: boolean | RedisTls): Promise<readonly Condition[]> {
    const { cert = "", key = "" } = authority.issue({ name });
    const line = await TlsLine.to(url ?? "", { cert, key });
    const conditions: Condition[] = [];
    const presence = redisPresence({ url: `rediss://localhost:${line.port}`, tls });
    presence.bind({ onCondition: (condition) => conditions.push(condition) });
    await presence.start();
    await presence.close();
    await line.close();
    return conditions;
  }

  it("S29: a server whose certificate our authority has signed is taken, under its own name", async () => {
    expect(await conditionsAt("localhost", { ca: ca(authority) })).toEqual([{ state: "up" }]);
    expect(await conditionsAt("elsewhere", { ca: ca(authority), servername: "elsewhere" })).toEqual([{ state: "up" }]);
  });

  it("S29: a server of another authority or another name is refused, and a refusal is told", async () => {
    for (const conditions of await Promise.all([
      conditionsAt("localhost", true),
      conditionsAt("localhost", { ca: ca(stranger) }),
      conditionsAt("elsewhere", { ca: ca(authority) }),
    ])) {
      expect(conditions.map(({ state }) => state)).toEqual(["down"]);
      expect(JSON.stringify(conditions)).toMatch(/certificate/);
    }
  });
});
