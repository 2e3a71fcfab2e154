import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { redisPresence } from "../../../src/adapters/redis/index.js";
import { originOf, routeOf } from "../../../src/testing/conformance/presence/test-routes.js";
import { presenceConformance } from "../../../src/testing/conformance/presence.js";
import { RedisCluster } from "./redis-cluster.js";

const isPossible = inject("services").redis !== undefined && RedisCluster.isPossible();

describe.skipIf(!isPossible)("redisPresence on a Redis Cluster", () => {
  let servers: RedisCluster;
  beforeAll(async () => {
    servers = await RedisCluster.create();
  });
  afterAll(() => servers.end());

  const create = async () => ({
    join: async () => ({ adapter: redisPresence({ cluster: servers.addresses.slice(0, 1) }) }),
    flush: () => servers.flush(),
    dispose: () => servers.flush(),
  });
  presenceConformance({ describe, it }, create, ["flush"]);

  it("uses all of its servers", async () => {
    const presence = redisPresence({ cluster: servers.addresses });
    presence.bind({ onCondition: () => {} });
    await presence.start();
    await presence.renew(Array.from({ length: 100 }, (_, n) => routeOf({ userId: `user-${n}`, origin: originOf(n) })));
    await presence.close();
    const sizes = await servers.sizes();
    expect(sizes.reduce((sum, size) => sum + size)).toBe(100);
    expect(Math.min(...sizes)).toBeGreaterThan(20);
  });
});
