import { etcd } from "./kinds/etcd.js";
import { kafka } from "./kinds/kafka.js";
import { mariadb, mysql8 } from "./kinds/mariadb.js";
import { postgres } from "./kinds/postgres.js";
import { rabbitmq } from "./kinds/rabbitmq.js";
import { redis } from "./kinds/redis.js";
import type { Service } from "./service.js";

/** Every service there is. */
export const catalogue: readonly Service[] = [mariadb, postgres, redis, etcd, rabbitmq, kafka, mysql8];

/** What the tests below test/services talk to: `npm run test:services` starts it. */
export const neededByTests: readonly Service[] = [mariadb, postgres, redis, etcd, rabbitmq, kafka, mysql8];

/** The services of these names, in the order of the catalogue; all of them when there are no names. */
export function chooseServices(names: readonly string[]): readonly Service[] {
  const unknown = names.filter((name) => !catalogue.some((service) => service.name === name));
  if (unknown.length === 0) return catalogue.filter(({ name }) => names.length === 0 || names.includes(name));
  const known = catalogue.map(({ name }) => name).join(", ");
  throw new Error(`there is no service "${unknown.join('", "')}": choose among ${known}.`);
}
