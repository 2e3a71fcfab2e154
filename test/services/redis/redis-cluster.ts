import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { redisOn } from "../../../scripts/services/kinds/redis.js";
import { PrivateService } from "../../../scripts/services/private-service.js";

/** Each talks to the others 10,000 above its own port. */
const PORTS = [16_395, 16_397] as const;
const SETTINGS = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
const SLOTS = 16_384;
const LOOK_EVERY_MS = 50;

/** A Redis Cluster of a test's own: two servers, each with a half of the slots. */
export class RedisCluster {
  readonly addresses = PORTS.map((port) => `127.0.0.1:${port}`);
  readonly #servers: readonly PrivateService[];

  private constructor(servers: readonly PrivateService[]) {
    this.#servers = servers;
  }

  static isPossible(): boolean {
    return PrivateService.isPossible(redisOn(0));
  }

  static async create(): Promise<RedisCluster> {
    const cluster = new RedisCluster(
      await Promise.all(PORTS.map((port) => PrivateService.create(redisOn(port, SETTINGS)))),
    );
    for (const [n, port] of PORTS.entries()) {
      const half = SLOTS / PORTS.length;
      await ask(port, "ADDSLOTSRANGE", n * half, (n + 1) * half - 1);
      await ask(port, "MEET", "127.0.0.1", PORTS[0]);
    }
    for (const port of PORTS) {
      while (!/cluster_state:ok[\s\S]*cluster_known_nodes:2/.test(String(await ask(port, "INFO"))))
        await sleep(LOOK_EVERY_MS);
    }
    return cluster;
  }

  /** How many keys each of its servers has. */
  sizes(): Promise<number[]> {
    return Promise.all(PORTS.map((port) => using(port, (redis) => redis.dbsize())));
  }

  async flush(): Promise<void> {
    for (const port of PORTS) await using(port, (redis) => redis.flushall());
  }

  async end(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.end()));
  }
}

function ask(port: number, ...words: readonly (string | number)[]): Promise<unknown> {
  return using(port, (redis) => redis.call("CLUSTER", ...words));
}

async function using<T>(port: number, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
