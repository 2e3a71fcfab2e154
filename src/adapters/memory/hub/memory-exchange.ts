import { ImError } from "../../../core/errors.js";
import type { NodeId } from "../../contracts/nodes.js";
import type { MemoryLine } from "./memory-line.js";

/** One that listens. */
export interface Subscriber {
  readonly id: NodeId;
  readonly line: MemoryLine;
  /** Takes a batch, or throws. */
  receive(bytes: Uint8Array): void;
}

/** Which node listens at which address, as all rpcs of a hub share it. */
export class MemoryExchange {
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #parted = new Set<string>();
  #next = 1;

  /** An address that nobody has had. */
  freeAddress(): string {
    return `memory:${this.#next++}`;
  }

  /** Errors: `operation_failed` when somebody listens there. */
  listen(address: string, subscriber: Subscriber): void {
    const holder = this.#subscribers.get(address);
    if (holder !== undefined && !holder.line.link.isCrashed) {
      throw new ImError("operation_failed", { message: `another node listens at ${address} already` });
    }
    this.#subscribers.set(address, subscriber);
  }

  /** Nobody listens there any more, unless it is somebody else by now. */
  hangUp(address: string, subscriber: Subscriber): void {
    if (this.#subscribers.get(address) === subscriber) this.#subscribers.delete(address);
  }

  /** Two nodes reach each other no more, whatever else they reach. */
  part(a: NodeId, b: NodeId): void {
    this.#parted.add(pairOf(a, b));
  }

  /** They do again. */
  rejoin(a: NodeId, b: NodeId): void {
    this.#parted.delete(pairOf(a, b));
  }

  /**
   * Brings a batch; never settles when it, or the answer, is lost.
   * Errors: `unavailable` when nobody, or another node, listens there; `operation_failed` when the receiver threw.
   */
  carry(from: NodeId, to: NodeId, address: string, bytes: Uint8Array): Promise<void> {
    const subscriber = this.#subscribers.get(address);
    if (subscriber === undefined || subscriber.id !== to || subscriber.line.link.isCrashed) {
      throw new ImError("unavailable", { message: `no node ${to} listens at ${address}` });
    }
    return new Promise((resolve, reject) => {
      if (this.#parted.has(pairOf(from, to))) return;
      subscriber.line.tell(() => {
        const failure = failureOf(() => subscriber.receive(bytes));
        subscriber.line.link.ask(failure === null ? resolve : () => reject(failure));
      });
    });
  }
}

function pairOf(a: NodeId, b: NodeId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function failureOf(run: () => void): ImError | null {
  try {
    run();
    return null;
  } catch (cause) {
    return new ImError("operation_failed", { message: "the peer could not take the batch", cause });
  }
}
