/** The nouns of a cluster. */

/** A server process, from its start to its end: 1–64 printable ASCII characters without spaces, made at random by it. */
export type NodeId = string;

/** One registration of a node. A node that lost its registration comes back under another epoch: what was said of the old one is void. */
export interface NodeKey {
  readonly id: NodeId;
  /** 1–64 printable ASCII characters without spaces; never used twice by one node. */
  readonly epoch: string;
}

/** A node as others know it. */
export interface NodeInfo extends NodeKey {
  /** Where its peers reach it, for example `10.0.0.5:9094`. */
  readonly address: string;
}

/** How a part outside the process is, as far as an adapter knows by itself. Told first when it is known, then whenever it changes. */
export type Condition =
  | { readonly state: "up" }
  /** It works, but something is lost that it tries to get back: a registration, a partition, a connection of several. */
  | { readonly state: "degraded"; readonly reason: string }
  | { readonly state: "down"; readonly reason: string };
