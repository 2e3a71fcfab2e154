import { type NodeName, portsOf } from "./ports.js";
import { databaseUserOf } from "./site-database.js";

/** What is the same for all nodes of a site. */
export interface NodeSettings {
  readonly tokenKey: string;
  readonly devicePolicy: string;
  readonly drainGraceMs: number;
  /** More variables of the node, such as `SHYIM_LIMITS_HEARTBEAT_MS`. */
  readonly more: Readonly<Record<string, string>>;
}

/**
 * Clients and servers are all on one address here, and a rate of uplinks would be the limit of the test. Short heartbeats make calm
 * moments long enough to be judged.
 */
const LIMITS: Readonly<Record<string, string>> = {
  SHYIM_LIMITS_HEARTBEAT_MS: "5000",
  SHYIM_LIMITS_UNAUTHENTICATED_PER_ADDRESS: "1000",
};

/** The environment of one node: everything it reaches, it reaches through lines of its own. */
export function nodeEnvironment(node: NodeName, settings: NodeSettings): Record<string, string> {
  const { clients, rpc, lines } = portsOf(node);
  const at = (port: number): string => `127.0.0.1:${port}`;
  return {
    SHYIM_NODE_ID: node,
    SHYIM_HOST: "127.0.0.1",
    SHYIM_PORT: String(clients),
    SHYIM_RPC_PORT: String(rpc),
    SHYIM_RPC_ADVERTISE: at(lines.rpc),
    SHYIM_RPC_PLAINTEXT: "1",
    SHYIM_STORAGE_URL: `mysql://${databaseUserOf(node)}@${at(lines.mariadb)}/shyim`,
    SHYIM_REDIS_URL: `redis://${at(lines.redis)}`,
    SHYIM_ETCD_URLS: `http://${at(lines.etcd)}`,
    SHYIM_KAFKA_BROKERS: at(lines.kafka),
    SHYIM_KAFKA_TOPIC: "chaos-uplinks",
    SHYIM_PREFIX: "chaos",
    SHYIM_TOKEN_KEY: settings.tokenKey,
    SHYIM_DEVICE_POLICY: settings.devicePolicy,
    SHYIM_DRAIN_GRACE_MS: String(settings.drainGraceMs),
    ...LIMITS,
    ...settings.more,
  };
}
