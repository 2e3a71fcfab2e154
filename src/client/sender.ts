import { type ErrorCode, ImError } from "../core/errors.js";
import type { NackFrame, UplinkAckFrame } from "../core/frames.js";
import type { Runtime } from "../core/runtime.js";
import type { OutboxEntry } from "./contracts.js";
import { Expiry } from "./expiry.js";
import type { SendResult } from "./im-client.js";
import type { Draft, Ledger, StoredEntry } from "./ledger.js";
import type { Outbox } from "./outbox.js";

/** What the sender needs around it. */
export interface SenderPorts {
  /** Makes sure that the store was read. Rejects with `store_failed` or `busy`. */
  open(): Promise<void>;
  /** A message is stored. */
  sent(entry: OutboxEntry, result: SendResult): void;
  /** A message was refused for good or given up. */
  refused(entry: OutboxEntry, error: ImError): void;
  /** What {@link Sender.settling} answers is different now. */
  changed(): void;
}

interface Promised {
  readonly resolve: (result: SendResult) => void;
  readonly reject: (error: ImError) => void;
}

/** Accompanies every message from `send()` to its outcome: sent, refused, given up, or left in the store at the end. */
export class Sender {
  readonly #ledger: Ledger;
  readonly #outbox: Outbox;
  readonly #ports: SenderPorts;
  readonly #expiry: Expiry;
  readonly #maxOutbox: number;
  readonly #promised = new Map<number, Promised>();
  /** Whose outcome is known and is being saved: to the application they are unsettled until it is told. */
  readonly #settling = new Map<number, OutboxEntry>();
  #arriving = 0;
  #closed: ImError | null = null;

  /** @param limits `sendTtlMs` and `maxOutbox` as in the options */
  constructor(
    parts: { readonly ledger: Ledger; readonly outbox: Outbox; readonly runtime: Runtime },
    limits: { readonly sendTtlMs: number | null; readonly maxOutbox: number },
    ports: SenderPorts,
  ) {
    this.#ledger = parts.ledger;
    this.#outbox = parts.outbox;
    this.#ports = ports;
    this.#maxOutbox = limits.maxOutbox;
    this.#expiry = new Expiry(parts.runtime, limits.sendTtlMs, (clientId) => this.#expire(clientId));
  }

  /** Messages whose outcome is not told yet, although the outbox does not have them any more. */
  get settling(): readonly OutboxEntry[] {
    return [...this.#settling.values()];
  }

  /** Takes a message; settles with its outcome. It is saved, and its promise is here, before it is transmitted. */
  async send(draft: Draft): Promise<SendResult> {
    const entry = await this.#enter(draft);
    await this.#ledger.keep(entry);
    if (this.#closed !== null) throw this.#closed;
    return new Promise((resolve, reject) => {
      this.#promised.set(entry.clientId, { resolve, reject });
      this.#expiry.add(entry.clientId);
      this.#outbox.add(entry);
    });
  }

  /** The server has stored an uplink. */
  acknowledge({ clientId, seq, messageId, syncEpoch }: UplinkAckFrame): void {
    if (syncEpoch !== this.#ledger.position.syncEpoch) return;
    this.#outbox.answered();
    const entry = this.#settle(clientId);
    if (entry === null) return;
    this.#after(entry, this.#ledger.sent(entry, seq), () => this.#tellSent(entry, { messageId, seq }));
  }

  /** The server refused an uplink, or wants it again. */
  refuse({ clientId, code, text, retryAfterMs, syncEpoch }: NackFrame): void {
    if (syncEpoch !== this.#ledger.position.syncEpoch) return;
    this.#outbox.answered();
    if (code === "busy") return this.#outbox.busy(clientId, retryAfterMs);
    if (code === "out_of_order") return this.#outbox.outOfOrder(clientId);
    this.#giveUp(clientId, code, { ...(text === "" ? {} : { message: text }), retryAfterMs });
  }

  /** The server takes no frame as large as this message's: it would end every connection. */
  refuseOversized(clientId: number): void {
    const message = "the message is larger than the server takes; set maxContentBytes to the server's limit";
    this.#giveUp(clientId, "too_large", { message });
  }

  /** Own copies were received and saved: they settle what is still in the outbox. */
  shown(stored: readonly StoredEntry[]): void {
    for (const { entry, messageId, seq } of stored) {
      if (this.#settle(entry.clientId) !== null) this.#tellSent(entry, { messageId, seq });
    }
  }

  /** The end: everything unsettled stays in the store, and its promises reject with `error`. */
  close(error: ImError): void {
    this.#closed = error;
    this.#expiry.stop();
    for (const { reject } of this.#promised.values()) reject(error);
    this.#promised.clear();
  }

  /** Gives the message its identity as soon as the store was read; calls keep their order. */
  async #enter(draft: Draft): Promise<OutboxEntry> {
    if (this.#closed !== null) throw this.#closed;
    if (this.#arriving + this.#ledger.unsettledCount >= this.#maxOutbox) throw this.#full();
    this.#arriving++;
    try {
      await this.#ports.open();
    } finally {
      this.#arriving--;
    }
    if (this.#closed !== null) throw this.#closed;
    return this.#ledger.compose(draft);
  }

  #expire(clientId: number): void {
    if (this.#outbox.isUntouched(clientId)) this.#giveUp(clientId, "expired", {});
  }

  #giveUp(clientId: number, code: ErrorCode, details: { message?: string; retryAfterMs?: number }): void {
    const entry = this.#settle(clientId);
    if (entry === null) return;
    const error = new ImError(code, details);
    this.#after(entry, this.#ledger.drop(entry), () => {
      this.#take(clientId)?.reject(error);
      this.#ports.refused(entry, error);
    });
  }

  #settle(clientId: number): OutboxEntry | null {
    this.#expiry.remove(clientId);
    return this.#outbox.settle(clientId);
  }

  /** An outcome is told when it is saved. If that fails, the store still has the message, and it is asked for again. */
  #after(entry: OutboxEntry, saved: Promise<void>, tell: () => void): void {
    this.#settling.set(entry.clientId, entry);
    const settle = (): void => {
      this.#settling.delete(entry.clientId);
      this.#ports.changed();
    };
    saved.then(() => {
      settle();
      tell();
    }, settle);
  }

  #tellSent(entry: OutboxEntry, result: SendResult): void {
    this.#take(entry.clientId)?.resolve(result);
    this.#ports.sent(entry, result);
  }

  #take(clientId: number): Promised | undefined {
    const promised = this.#promised.get(clientId);
    this.#promised.delete(clientId);
    return promised;
  }

  #full(): ImError {
    return new ImError("busy", {
      message: `the outbox is full (${this.#maxOutbox} messages); wait until some are sent`,
    });
  }
}
