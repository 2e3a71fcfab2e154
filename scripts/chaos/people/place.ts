/** A node as people know it. */
export interface PlaceNode {
  readonly name: string;
  /** Of its HTTP API, `http://127.0.0.1:port`. */
  readonly url: string;
  /** It runs, as far as anybody knows. */
  readonly isUp: boolean;
}

/** What happens to the process of a node, at the moment it does. */
export type NodeEvent = "crash" | "draining" | "drained" | "frozen" | "thawed" | "serving";

/** What people need of the site. */
export interface Place {
  readonly nodes: readonly PlaceNode[];
  readonly tokenKey: string;
  /** What clients connect to. */
  readonly front: {
    /** `http://127.0.0.1:port`. */
    readonly url: string;
    /** To which node the connection from this local port of a client leads; `null` when that is not known. */
    nodeOf(clientPort: number): number | null;
    /** Called when the weather of one connection becomes bad, and when it is fair again. */
    onDisturbed(listener: (clientPort: number, isDisturbed: boolean) => void): void;
  };
  onNode(listener: (node: number, what: NodeEvent) => void): void;
}
