/**
 * What the client needs from its surroundings. The client's core knows neither DOM nor Node:
 * `platforms/` brings sockets and time, `stores/` keeps what must survive.
 */

import type { InboxItem, MessageId, Origin, Seq, SyncEpoch, Target, UserId } from "../core/model.js";
import type { Cancel, Runtime } from "../core/runtime.js";

/** One outgoing socket. */
export interface ClientSocket {
  /** Sends one binary message; silent unless open. */
  send(bytes: Uint8Array): void;
  /** Ends the socket; `onClosed` follows at most once, and not necessarily soon. */
  close(code: number, reason: string): void;
}

/** What a socket tells. */
export interface ClientSocketListener {
  onOpen(): void;
  /** One binary message. The bytes may be a view: copy what is kept. */
  onFrame(bytes: Uint8Array): void;
  /** The end, once; also when it never opened. `code` is 1006 without a close frame. */
  onClosed(code: number): void;
}

/**
 * Starts a socket to `url`. Never throws for a network reason: that is an `onClosed`. Nothing is told before the call
 * has returned.
 */
export type Dial = (url: string, listener: ClientSocketListener) => ClientSocket;

/** The surroundings of a client. */
export interface ClientPlatform {
  readonly runtime: Runtime;
  readonly dial: Dial;
  /** Calls back when it is worth trying again at once (network is back, page visible). Absent where nothing tells. */
  onWake?(wake: () => void): Cancel;
}

/** A message of this installation that is not settled. */
export interface OutboxEntry {
  readonly clientId: number;
  /** Rank of composing: entries of one conversation go out in ascending order. */
  readonly order: number;
  readonly target: Target;
  readonly type: number;
  readonly content: Uint8Array;
  /** ms since 1970 by the client's clock. */
  readonly clientTime: number;
}

/** An own message the server has stored, kept for the case that the server loses it to a restored backup. */
export interface SentEntry extends OutboxEntry {
  /** Seq of the own copy. */
  readonly seq: Seq;
  /** False after a reset until the new history has shown it again. */
  readonly confirmed: boolean;
}

/** What a client remembers besides its messages. */
export interface ClientPosition {
  /** 16 random bytes, made once per store. */
  readonly instanceId: Uint8Array;
  /** The user this store belongs to; `null` before the first login. */
  readonly userId: UserId | null;
  /** First half of the ids of this installation's messages; `""` before the first login. */
  readonly origin: Origin | "";
  readonly syncEpoch: SyncEpoch;
  readonly cursor: Seq;
  readonly cursorMessageId: MessageId | null;
  /** After a reset: the head that must be reached before anything is sent; `null` otherwise. */
  readonly resyncUntil: Seq | null;
}

/** Everything a store held when it was opened. */
export interface ClientSnapshot {
  readonly position: ClientPosition;
  readonly outbox: readonly OutboxEntry[];
  readonly sent: readonly SentEntry[];
}

/** One change. All of it is saved or nothing. */
export interface StoreChange {
  readonly position?: ClientPosition;
  /** New items, saved together with the cursor in `position`. */
  readonly items?: readonly InboxItem[];
  readonly putOutbox?: readonly OutboxEntry[];
  /** Client ids to remove. */
  readonly removeOutbox?: readonly number[];
  /** Adds or replaces by client id. */
  readonly putSent?: readonly SentEntry[];
  readonly removeSent?: readonly number[];
}

/**
 * Keeps a client's state over reconnects and, if persistent, over restarts. Used by one client at a time, which waits
 * for each `apply` before the next. `testing/conformance/client-store.ts` proves an implementation.
 */
export interface ClientStore {
  /**
   * Opens the store, also one that was closed, and reads what is there; `null` for a new one. Lists in any order. Also
   * called again on an open store, after something failed. Rejects with `busy` while another client has it open, if that
   * can be told: the client waits then and tries again.
   */
  load(): Promise<ClientSnapshot | null>;
  /**
   * Saves a change; resolves when it would survive what the store survives. When it rejects, nothing of it was saved.
   * Removing what is not there is no error; no id is both put and removed in one change.
   */
  apply(change: StoreChange): Promise<void>;
  /** Which of these messages have been saved as items before (a bounded store may have forgotten all but the newest 20,000). */
  known(messageIds: readonly MessageId[]): Promise<ReadonlySet<MessageId>>;
  /** Gives everything back; harmless when repeated or before `load`. Nothing but `load` works afterwards (`unavailable`). */
  close(): Promise<void>;
}
