/** What has to be said together, or not together. */
import type { NodeConfig } from "./config.js";
import { variableOf } from "./variable-of.js";

/** A rule that is not kept: at which setting, and what to do. */
interface Problem {
  readonly path: string;
  readonly message: string;
}

type Rule = (config: NodeConfig) => readonly Problem[];

const v = variableOf;

/** The three that make nodes of processes. */
const MEETING = ["etcd.urls", "redis.url", "rpc.port"] as const;
const QUEUES = ["kafka.brokers", "rabbitmq.url"] as const;

/** Only with the setting on the left. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  "etcd.urls": ["etcd.username", "etcd.password"],
  "rpc.port": ["rpc.host", "rpc.advertise", "rpc.caFile", "rpc.certFile", "rpc.keyFile", "rpc.allowedNames"],
  "kafka.brokers": ["kafka.topic", "kafka.partitions", "kafka.replication", "kafka.username", "kafka.password"],
  "token.key": ["token.otherKey"],
};

const PAIRS = [
  ["etcd.username", "etcd.password"],
  ["kafka.username", "kafka.password"],
] as const;

/** Every rule. */
export const RULES: readonly Rule[] = [
  meeting,
  oneQueue,
  sharedStorage,
  sharedKey,
  parts,
  pairs,
  encryption,
  reachable,
  oneScheme,
];

function meeting(config: NodeConfig): Problem[] {
  const given = [...MEETING, ...QUEUES].filter((path) => isGiven(config, path));
  if (given.length === 0) return [];
  const all = MEETING.map(v).join(", ");
  const without = "Without the three, and without a queue, nodes hear of each other's messages from the database";
  const message = `expected together with ${given.map(v).join(", ")}: nodes meet by ${all}. ${without}`;
  return MEETING.filter((path) => !isGiven(config, path)).map((path) => ({ path, message }));
}

function oneQueue(config: NodeConfig): Problem[] {
  if (!QUEUES.every((path) => isGiven(config, path))) return [];
  return [{ path: "rabbitmq.url", message: `expected only without ${v("kafka.brokers")}: there is one queue` }];
}

function sharedStorage(config: NodeConfig): Problem[] {
  const given = [...MEETING, ...QUEUES].filter((path) => isGiven(config, path));
  if (given.length === 0 || isGiven(config, "storage.url")) return [];
  const message = `expected together with ${given.map(v).join(", ")}: nodes that share no database are not one server`;
  return [{ path: "storage.url", message }];
}

function sharedKey(config: NodeConfig): Problem[] {
  if (!isGiven(config, "storage.url") || isGiven(config, "token.key")) return [];
  const what = "one for all nodes: without it each would accept only its own tokens";
  const message = `expected together with ${v("storage.url")}, ${what}. Make one with: openssl rand -base64 32`;
  return [{ path: "token.key", message }];
}

function parts(config: NodeConfig): Problem[] {
  return Object.entries(PARTS).flatMap(([whole, some]) =>
    isGiven(config, whole)
      ? []
      : some
          .filter((path) => isGiven(config, path))
          .map((path) => ({ path, message: `expected only together with ${v(whole)}, which says that it is used` })),
  );
}

function pairs(config: NodeConfig): Problem[] {
  return PAIRS.filter((pair) => pair.filter((path) => isGiven(config, path)).length === 1).map(([name, password]) => ({
    path: isGiven(config, name) ? password : name,
    message: `expected together with ${v(isGiven(config, name) ? name : password)}`,
  }));
}

function encryption(config: NodeConfig): Problem[] {
  if (!isGiven(config, "rpc.port")) return [];
  const files = ["rpc.caFile", "rpc.certFile", "rpc.keyFile"] as const;
  const missing = files.filter((path) => !isGiven(config, path));
  const { plaintext } = config.rpc;
  if (plaintext && missing.length < files.length) {
    return [{ path: "rpc.plaintext", message: `expected only without ${files.map(v).join(", ")}` }];
  }
  const [first] = missing;
  if (plaintext || first === undefined) return [];
  const all = files.map(v).join(", ");
  const or = `or ${v("rpc.plaintext")}=1 in a network that nobody else has access to`;
  return [{ path: first, message: `expected, as ${all}: only who has a certificate is a node; ${or}` }];
}

/** One can listen everywhere, but nobody can be reached there. */
function reachable(config: NodeConfig): Problem[] {
  const { port, host = config.host, advertise } = config.rpc;
  const isEverywhere = host === "0.0.0.0" || host === "::";
  if (port === undefined || !isEverywhere || advertise !== undefined) return [];
  const from = config.rpc.host === undefined ? "host" : "rpc.host";
  const message = `expected host:port, where the other nodes reach this one, since ${v(from)} is every interface`;
  return [{ path: "rpc.advertise", message }];
}

function oneScheme({ etcd: { urls = [] } }: NodeConfig): Problem[] {
  const secure = urls.filter((url) => url.startsWith("https:"));
  if (secure.length === 0 || secure.length === urls.length) return [];
  return [{ path: "etcd.urls", message: "expected https: at all of them, or at none: it is one etcd" }];
}

function isGiven(config: NodeConfig, path: string): boolean {
  const [name = "", field] = path.split(".");
  const value: unknown = Reflect.get(config, name);
  return field === undefined ? value !== undefined : Reflect.get(Object(value), field) !== undefined;
}
