import { isImError } from "../../core/errors.js";
import type { Condition, NodeId, NodeInfo } from "../contracts/nodes.js";
import type { GrpcTls } from "./options.js";
import { PeerLine } from "./peer-line.js";

/** The ways to all peers, one each, opened when something is to be sent. */
export class PeerLines {
  readonly #tls: GrpcTls | undefined;
  readonly #onCondition: (condition: Condition) => void;
  readonly #lines = new Map<NodeId, PeerLine>();
  /** To whom the last batch did not get. */
  readonly #missed = new Set<NodeId>();

  /** @param onCondition told when the first peer cannot be reached, and when all can again */
  constructor(tls: GrpcTls | undefined, onCondition: (condition: Condition) => void) {
    this.#tls = tls;
    this.#onCondition = onCondition;
  }

  /** As `NodeRpc.send`. */
  async send(peer: NodeInfo, bytes: Uint8Array): Promise<void> {
    const line = this.#lineTo(peer);
    try {
      await line.send(bytes);
      this.#reached(peer.id);
    } catch (error) {
      if (isImError(error, "operation_failed")) this.#reached(peer.id);
      // One that was forgotten meanwhile, as all are at the end, is missed no more.
      else if (this.#lines.get(peer.id) === line) this.#miss(peer);
      throw error;
    }
  }

  /** Gives a peer's connection back. */
  forget(id: NodeId): void {
    this.#lines.get(id)?.close();
    this.#lines.delete(id);
    this.#reached(id);
  }

  /** Gives all connections back. */
  close(): void {
    for (const line of this.#lines.values()) line.close();
    this.#lines.clear();
    this.#missed.clear();
  }

  #lineTo(peer: NodeInfo): PeerLine {
    const before = this.#lines.get(peer.id);
    if (before !== undefined && !before.isBroken && before.address === peer.address) return before;
    before?.close();
    this.#lines.delete(peer.id);
    const line = new PeerLine(peer, this.#tls);
    this.#lines.set(peer.id, line);
    return line;
  }

  #miss({ id, address }: NodeInfo): void {
    const isFirst = this.#missed.size === 0;
    this.#missed.add(id);
    if (isFirst) this.#onCondition({ state: "degraded", reason: `no answer from node ${id} at ${address}` });
  }

  #reached(id: NodeId): void {
    if (this.#missed.delete(id) && this.#missed.size === 0) this.#onCondition({ state: "up" });
  }
}
