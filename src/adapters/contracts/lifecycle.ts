/**
 * Part of every contract. Both calls are harmless when repeated or made in the wrong order; a part is silent
 * after `close`, and any other call on it then rejects with `unavailable`. A part of a cluster is closed for good, and its `close`
 * waits for nobody who does not answer: what is under way rejects with `unavailable`.
 */
export interface Lifecycle {
  /** Gets ready (opens files, connects, creates what is missing). */
  start(): Promise<void>;
  /** Gives everything back: timers, handles, sockets. */
  close(): Promise<void>;
}
