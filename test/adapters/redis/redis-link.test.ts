import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import type { Condition } from "../../../src/adapters/contracts/nodes.js";
import type { IoRedis } from "../../../src/adapters/redis/load-ioredis.js";
import { RedisLink } from "../../../src/adapters/redis/redis-link.js";
import { placeOf } from "../../../src/adapters/redis/redis-place.js";

/** A link whose client is made up, and what it tells. */
async function openLink() {
  const client = Object.assign(new EventEmitter(), { status: "ready", disconnect: () => undefined });
  const told: Condition[] = [];
  const link = new RedisLink(placeOf({ host: "redis.chat.example", port: 6379 }));
  link.onCondition((condition) => told.push(condition));
  // An instance of its own would be a real client.
  const Redis = function (this: unknown) {
    return client;
  };
  const opening = link.open(async () => ({ Redis }) as unknown as IoRedis);
  await Promise.resolve();
  client.emit("ready");
  await opening;
  const fail = (message?: string): void => {
    if (message !== undefined) client.emit("error", new Error(message));
    client.emit("close");
  };
  return { link, client, told, fail };
}

describe("the line to Redis", () => {
  it("tells another reason when it is another one, and the same one once", async () => {
    const { link, told, fail } = await openLink();
    for (const message of ["connect ECONNREFUSED", "connect ECONNREFUSED", "WRONGPASS"]) fail(message);
    expect(told.map((condition) => ("reason" in condition ? condition.reason : condition.state))).toEqual([
      "up",
      expect.stringContaining("ECONNREFUSED"),
      expect.stringContaining("WRONGPASS"),
    ]);
    link.close();
  });

  it("gives no reason of long ago for a line that is lost after it was good again", async () => {
    const { link, client, told, fail } = await openLink();
    fail("WRONGPASS");
    client.emit("ready");
    fail();
    expect(told.at(-1)).toEqual({ state: "down", reason: expect.stringContaining("the connection was closed") });
    link.close();
  });
});
