import { ImError, isImError } from "../core/errors.js";
import type { Seq } from "../core/model.js";
import type { Cancel } from "../core/runtime.js";
import { Backoff } from "./backoff.js";
import { type ClientParts, Connection } from "./connection.js";
import type { ConnectionEnd } from "./connection-end.js";
import type { OutboxEntry } from "./contracts.js";
import type { ClientState, ClosedState } from "./im-client.js";
import type { TokenGrant } from "./token.js";

/** A connection that lived this long after its login proves itself also when nothing came: the backoff begins anew, ms. */
const PROVEN_AFTER_MS = 5_000;

/** What the session needs around it. */
export interface SessionPorts {
  /** Makes sure that memory and store agree. Rejects with `store_failed` or `busy`. */
  open(): Promise<void>;
  /** The state changed. */
  changed(state: ClientState): void;
  /** Something failed that the session goes on after. */
  failed(error: ImError): void;
  /** It is over for good; told once, behind `changed`. */
  closed(state: ClosedState): void;
}

/**
 * Keeps a client signed in over any number of connections:
 * offline → connecting → syncing → online → waiting → connecting → … → closed.
 */
export class Session {
  readonly #parts: ClientParts;
  readonly #options: { readonly url: string; readonly deviceKind: string };
  readonly #ports: SessionPorts;
  readonly #backoff: Backoff;
  readonly #waiters: { resolve: () => void; reject: (error: ImError) => void }[] = [];
  #state: ClientState = { name: "offline" };
  #connection: Connection | null = null;
  /** Names the present try; what belongs to an earlier one has no effect. */
  #run = 0;
  #attempts = 0;
  #head: Seq = 0;
  #signedInAt: number | null = null;
  #mayWake = false;
  #cancelWait: Cancel | null = null;
  #cancelWake: Cancel | null = null;

  constructor(parts: ClientParts, options: { readonly url: string; readonly deviceKind: string }, ports: SessionPorts) {
    this.#parts = parts;
    this.#options = options;
    this.#ports = ports;
    this.#backoff = new Backoff(() => parts.platform.runtime.random());
  }

  /** What the session is doing. */
  get state(): ClientState {
    return this.#state;
  }

  /** Resolves when signed in; rejects when it is over. */
  connect(): Promise<void> {
    if (this.#state.name === "closed") return Promise.reject(this.#state.error);
    if (this.#signedInAt !== null) return Promise.resolve();
    const signedIn = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    if (this.#state.name === "offline") this.#begin();
    return signedIn;
  }

  /** Puts an uplink on the present connection, if there is one. */
  transmit(entry: OutboxEntry, afterClientId: number): void {
    this.#connection?.transmit(entry, afterClientId);
  }

  /** Gives up the present connection, if there is one, and comes back after the backoff. */
  drop(reason: string): void {
    this.#connection?.drop(reason);
  }

  /**
   * Items were saved and shown; lost messages may have gone back to the outbox. A connection that brings something has
   * proved itself, however short it was.
   */
  progressed(cursor: Seq): void {
    this.#backoff.reset();
    this.#connection?.progressed(cursor);
    if (this.#state.name === "syncing") this.#showProgress(cursor);
  }

  /** A re-sync is over: sending may begin. */
  startSending(): void {
    this.#connection?.startSending();
  }

  /** Ends it for good. Repeatable. */
  close(error: ImError, closeCode: number | null = null): void {
    if (this.#state.name === "closed") return;
    const connection = this.#connection;
    const state: ClosedState = { name: "closed", error, closeCode };
    this.#run++;
    this.#forgetConnection();
    this.#cancelWait?.();
    this.#cancelWake?.();
    this.#parts.tokens.close();
    this.#change(state);
    connection?.leave();
    for (const { reject } of this.#waiters.splice(0)) reject(error);
    this.#ports.closed(state);
  }

  #begin(): void {
    this.#cancelWake = this.#parts.platform.onWake?.(() => this.#wake()) ?? null;
    void this.#try();
  }

  /** Network back or page visible: no reason to wait any longer, unless the server asked for it. */
  #wake(): void {
    this.#connection?.probe();
    if (this.#state.name !== "waiting" || !this.#mayWake) return;
    this.#cancelWait?.();
    void this.#try();
  }

  async #try(): Promise<void> {
    const run = ++this.#run;
    this.#change({ name: "connecting", attempt: ++this.#attempts });
    const grant = await this.#prepare(run);
    if (grant === null || run !== this.#run) return;
    const { url, deviceKind } = this.#options;
    this.#connection = new Connection(
      this.#parts,
      { url, deviceKind, grant },
      {
        signedIn: (head) => this.#signedIn(head),
        tokenFailed: (error) => this.#ports.failed(asImError(error)),
        ended: (end) => this.#ended(end),
      },
    );
  }

  /** What a login needs: a store that was read, and a token. `null` when there is none of it now. */
  async #prepare(run: number): Promise<TokenGrant | null> {
    try {
      await this.#ports.open();
    } catch (error) {
      this.#failedToPrepare(run, () => this.#wait(asImError(error).message));
      return null;
    }
    try {
      return await this.#parts.tokens.get();
    } catch (error) {
      this.#failedToPrepare(run, () => this.#noToken(asImError(error)));
      return null;
    }
  }

  #failedToPrepare(run: number, goOn: () => void): void {
    if (run === this.#run) goOn();
  }

  #noToken(error: ImError): void {
    if (error.code === "unauthenticated") return this.close(error);
    this.#ports.failed(error);
    this.#wait(error.message);
  }

  #signedIn(head: Seq): void {
    this.#signedInAt = this.#parts.platform.runtime.elapsed();
    this.#attempts = 0;
    this.#head = head;
    this.#showProgress(this.#parts.ledger.position.cursor);
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  #showProgress(cursor: Seq): void {
    this.#change(cursor < this.#head ? { name: "syncing", cursor, head: this.#head } : { name: "online" });
  }

  #ended(end: ConnectionEnd): void {
    const token = this.#connection?.token;
    this.#forgetConnection();
    if (this.#state.name === "closed") return;
    if (end.kind === "final") return this.close(end.error, end.closeCode);
    if (end.kind === "again") return this.#wait(end.reason, end.atLeastMs, end.planned);
    if (end.kind === "oversized") this.#parts.sender.refuseOversized(end.clientId);
    else if (token !== undefined) this.#parts.tokens.refuse(token);
    this.#wait(end.reason);
  }

  #forgetConnection(): void {
    const { runtime } = this.#parts.platform;
    if (this.#signedInAt !== null && runtime.elapsed() - this.#signedInAt >= PROVEN_AFTER_MS) this.#backoff.reset();
    this.#signedInAt = null;
    this.#connection = null;
  }

  #wait(reason: string, atLeastMs = 0, planned = false): void {
    this.#run++;
    const retryInMs = Math.ceil(planned ? atLeastMs : Math.max(atLeastMs, this.#backoff.next()));
    this.#mayWake = atLeastMs === 0;
    this.#cancelWait = this.#parts.platform.runtime.setTimer(retryInMs, () => void this.#try());
    this.#change({ name: "waiting", retryInMs, reason });
  }

  #change(state: ClientState): void {
    this.#state = state;
    this.#ports.changed(state);
  }
}

function asImError(error: unknown): ImError {
  return isImError(error)
    ? error
    : new ImError("operation_failed", { message: "the token function failed", cause: error });
}
