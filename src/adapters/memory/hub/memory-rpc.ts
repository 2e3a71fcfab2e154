import { ImError } from "../../../core/errors.js";
import type { NodeRpc, NodeRpcHost } from "../../contracts/node-rpc.js";
import type { NodeId, NodeInfo } from "../../contracts/nodes.js";
import type { MemoryExchange, Subscriber } from "./memory-exchange.js";
import type { MemoryLine } from "./memory-line.js";

/** A line between nodes inside one process: one node's own handle on the exchange of its hub. */
export class MemoryRpc implements NodeRpc {
  readonly #exchange: MemoryExchange;
  readonly #line: MemoryLine;
  readonly #wanted: string | null;
  #address = "";
  #host: NodeRpcHost | null = null;
  #subscriber: Subscriber | null = null;

  /**
   * Use `hub.rpc()`.
   * @param wanted the address to listen at; `null` for a new one
   */
  constructor(exchange: MemoryExchange, line: MemoryLine, wanted: string | null) {
    this.#exchange = exchange;
    this.#line = line;
    this.#wanted = wanted;
  }

  get address(): string {
    return this.#address;
  }

  bind(host: NodeRpcHost): void {
    this.#line.assertNotOpen();
    this.#host = host;
  }

  async start(): Promise<void> {
    const host = this.#host;
    if (host === null) throw new Error("bind() comes before start()");
    if (!this.#line.isNew) return;
    const address = this.#wanted ?? this.#exchange.freeAddress();
    const subscriber = { id: host.id, line: this.#line, receive: (bytes: Uint8Array) => host.receive(bytes) };
    this.#exchange.listen(address, subscriber);
    this.#address = address;
    this.#subscriber = subscriber;
    this.#line.open((condition) => host.onCondition(condition));
  }

  async close(): Promise<void> {
    this.#line.close();
    if (this.#subscriber !== null) this.#exchange.hangUp(this.#address, this.#subscriber);
  }

  send({ id, address }: NodeInfo, bytes: Uint8Array): Promise<void> {
    const copy = bytes.slice();
    return this.#line.call(() => this.#exchange.carry(this.#subscriber?.id ?? "", id, address, copy));
  }

  forget(_peer: NodeId): void {
    // There is no connection to give back.
  }

  /**
   * Brings this node something as a program of the original protocol does, which knows only an address and a user.
   * Errors: `unavailable` while closed or not started.
   */
  async deliver(userId: string, output: Uint8Array): Promise<boolean> {
    if (this.#host === null || !this.#line.isOpen) throw new ImError("unavailable");
    return this.#host.deliver(userId, output);
  }
}
