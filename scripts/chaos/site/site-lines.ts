import { Line } from "../lines/line.js";
import type { LineClock } from "../lines/line-clock.js";
import { type Edge, ENGINE_PORTS, NODE_NAMES, type NodeName, portsOf } from "./ports.js";

const EDGES: readonly Edge[] = ["mariadb", "redis", "etcd", "kafka", "rpc", "clients"];

/** Every edge there is, but the ones that the load balancer makes. */
export class SiteLines {
  readonly #lines: ReadonlyMap<string, Line>;

  private constructor(lines: readonly Line[]) {
    this.#lines = new Map(lines.map((line) => [line.name, line]));
  }

  /** Rejects when a port is taken, usually by another chaos on this machine. */
  static async open(clock: LineClock): Promise<SiteLines> {
    const lines: Line[] = [];
    try {
      for (const node of NODE_NAMES) {
        for (const edge of EDGES) {
          const port = portsOf(node).lines[edge];
          lines.push(await Line.open({ name: nameOf(edge, node), port, target: targetOf(edge, node), clock }));
        }
      }
      return new SiteLines(lines);
    } catch (error) {
      await Promise.all(lines.map((line) => line.close()));
      throw error;
    }
  }

  /** The line of a node to an engine; `rpc`: of its peers to it; `clients`: of those that want it and no other. */
  of(edge: Edge, node: NodeName): Line {
    return this.#lines.get(nameOf(edge, node)) as Line;
  }

  /** The lines of all nodes to an engine. */
  all(edge: Edge): Line[] {
    return NODE_NAMES.map((node) => this.of(edge, node));
  }

  heal(): void {
    for (const line of this.#lines.values()) line.heal();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.close()));
  }
}

const nameOf = (edge: Edge, node: NodeName): string => `${edge}-${node}`;

function targetOf(edge: Edge, node: NodeName): number {
  const { clients, rpc, kafkaDoor } = portsOf(node);
  if (edge === "clients") return clients;
  if (edge === "rpc") return rpc;
  return edge === "kafka" ? kafkaDoor : ENGINE_PORTS[edge];
}
