import { etcdOn } from "../../services/kinds/etcd.js";
import { kafkaOn } from "../../services/kinds/kafka.js";
import { mariadbOn } from "../../services/kinds/mariadb.js";
import { redisOn } from "../../services/kinds/redis.js";
import type { Service } from "../../services/service.js";
import { Engine } from "./engine.js";
import { ENGINE_PORTS, NODE_NAMES, portsOf } from "./ports.js";

/** What an engine is called. */
export type EngineName = keyof typeof ENGINE_PORTS;

/** Every commit is on the disk before it is answered. */
const DURABLE = ["--innodb-flush-log-at-trx-commit=1"];

const SERVICES: Readonly<Record<EngineName, Service>> = {
  mariadb: mariadbOn(ENGINE_PORTS.mariadb, DURABLE),
  redis: redisOn(ENGINE_PORTS.redis),
  etcd: etcdOn(ENGINE_PORTS.etcd),
  kafka: kafkaOn(
    ENGINE_PORTS.kafka,
    NODE_NAMES.map(portsOf).map(({ kafkaDoor, lines }) => ({ port: kafkaDoor, advertisedPort: lines.kafka })),
  ),
};

/** The engines of a site, by name. */
export type SiteEngines = Readonly<Record<EngineName, Engine>>;

/** Makes all with new data, side by side. Rejects when one cannot be had, and none is left then. */
export async function createEngines(say: (line: string) => void): Promise<SiteEngines> {
  const names = Object.keys(SERVICES) as EngineName[];
  const outcomes = await Promise.allSettled(names.map((name) => Engine.create(SERVICES[name], say)));
  const made = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed === undefined)
    return Object.fromEntries(made.map((engine) => [engine.name, engine])) as Record<EngineName, Engine>;
  await Promise.all(made.map((engine) => engine.end()));
  throw failed.reason;
}
