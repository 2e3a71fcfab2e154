/** The nodes by name. */
export const NODE_NAMES = ["a", "b", "c"] as const;

/** One of the three. */
export type NodeName = (typeof NODE_NAMES)[number];

/** All ports are in the 500 from here on. With another base a second chaos finds room beside the first. */
const BASE = Number(process.env.SHYIM_CHAOS_PORTS || 21_000);

/** Ports of the engines. etcd and Kafka take the next one, too. */
export const ENGINE_PORTS = { mariadb: BASE + 306, redis: BASE + 379, etcd: BASE + 380, kafka: BASE + 92 } as const;

/** Where clients find the load balancer. */
export const FRONT_PORT: number = BASE;

/** What one node listens at, and where its lines begin. */
export interface NodePorts {
  readonly clients: number;
  readonly rpc: number;
  /** Where the broker listens for this node alone. */
  readonly kafkaDoor: number;
  readonly lines: Readonly<Record<Edge, number>>;
}

/** What a line of a node is between: the node and an engine, its peers and the node, clients and the node. */
export type Edge = "mariadb" | "redis" | "etcd" | "kafka" | "rpc" | "clients";

/** Fixed, so that everything can be told before it is there; below those that the system gives out. */
export function portsOf(name: NodeName): NodePorts {
  const index = NODE_NAMES.indexOf(name);
  const at = (tens: number): number => BASE + 400 + tens * 10 + index;
  const lines = { clients: at(3), mariadb: at(4), redis: at(5), etcd: at(6), kafka: at(7), rpc: at(8) };
  return { clients: at(0), rpc: at(1), kafkaDoor: at(2), lines };
}
