import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { redisPresence } from "../../../src/adapters/redis/index.js";
import { RedisPresence } from "../../../src/adapters/redis/redis-presence.js";
import type { PresenceFixture } from "../../../src/testing/conformance/presence.js";
import { CuttableLine } from "../cuttable-line.js";

/** Long enough for a busy machine, short enough to be waited for. */
const ROUTE_LIFE_MS = 1_500;

/** A book of its own on a Redis that others use, too: its keys begin with a prefix of its own. */
export async function redisFixture(url: string): Promise<PresenceFixture> {
  const prefix = `test-${randomBytes(6).toString("hex")}:`;
  const lines: CuttableLine[] = [];
  const join = async () => {
    const line = await CuttableLine.to(url);
    lines.push(line);
    const adapter = redisPresence({ url: through(url, line), prefix });
    return { adapter, cut: () => line.cut(), heal: () => line.heal() };
  };
  const flush = (): Promise<void> => removeKeys(url, prefix);
  const dispose = async (): Promise<void> => {
    await removeKeys(url, prefix);
    await Promise.all(lines.map((line) => line.close()));
  };
  return { join, flush, dispose };
}

/** The same, where a route lives a moment instead of a minute. */
export async function briefRedisFixture(url: string): Promise<PresenceFixture> {
  const prefix = `test-${randomBytes(6).toString("hex")}:`;
  const join = async () => ({ adapter: new RedisPresence({ url, prefix }, { routeLifeMs: ROUTE_LIFE_MS }) });
  return { join, routeLifeMs: ROUTE_LIFE_MS, dispose: () => removeKeys(url, prefix) };
}

/** The URL of the server at the other end of the line, by the line. */
export function through(url: string, line: CuttableLine): string {
  const by = new URL(url);
  by.hostname = "127.0.0.1";
  by.port = String(line.port);
  return by.href;
}

/** Removes every key that begins so. */
export async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
    if (keys.length > 0) await redis.del(keys as string[]);
  }
  await redis.quit();
}
