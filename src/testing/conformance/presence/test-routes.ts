import type { NodeKey } from "../../../adapters/contracts/nodes.js";
import type { Route } from "../../../adapters/contracts/presence.js";

/** Two nodes that live, and one that does not. */
export const NODES = {
  a: { id: "node-a", epoch: "epoch-a" },
  b: { id: "node-b", epoch: "epoch-b" },
  gone: { id: "node-gone", epoch: "epoch-gone" },
} as const satisfies Readonly<Record<string, NodeKey>>;

/** The registrations that live. */
export const LIVE: readonly NodeKey[] = [NODES.a, NODES.b];

/** A route of `ada` from her phone, connection 1 of node a, apart from what `parts` says. */
export function routeOf(parts: Partial<Route> = {}): Route {
  return { userId: "ada", node: NODES.a, connection: 1, origin: originOf(1), deviceKind: "phone", ...parts };
}

/** The installation of number `n`. */
export function originOf(n: number): string {
  return n.toString(16).padStart(16, "0");
}
