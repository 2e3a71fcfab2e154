import { isImError } from "../../core/errors.js";
import type { Condition, NodeId, NodeInfo } from "../contracts/nodes.js";
import type { GrpcTls } from "./options.js";
import { PeerLine } from "./peer-line.js";

/** So many peers that cannot be reached are named, at most. */
const MAX_NAMED = 3;

/** The ways to all peers, one each, opened when something is to be sent. */
export class PeerLines {
  readonly #tls: GrpcTls | undefined;
  readonly #onCondition: (condition: Condition) => void;
  readonly #lines = new Map<NodeId, PeerLine>();
  /** To whom the last batch did not get, and where. */
  readonly #missed = new Map<NodeId, string>();

  /** @param onCondition told when other peers than before cannot be reached, and when all can again */
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
    if (this.#missed.get(id) === address) return;
    this.#missed.set(id, address);
    this.#tell();
  }

  #reached(id: NodeId): void {
    if (this.#missed.delete(id)) this.#tell();
  }

  /** Who is missing now: at most a few are named, all are counted. */
  #tell(): void {
    if (this.#missed.size === 0) return this.#onCondition({ state: "up" });
    const named = [...this.#missed].slice(0, MAX_NAMED).map(([id, address]) => `${id} at ${address}`);
    const whom = this.#missed.size === 1 ? `node ${named}` : `${this.#missed.size} nodes: ${named.join(", ")}`;
    const more = this.#missed.size > MAX_NAMED ? ", …" : "";
    this.#onCondition({ state: "degraded", reason: `no answer from ${whom}${more}` });
  }
}
