/**
 * How sockets reach the server. A transport knows frames as bytes and nothing about what is in them.
 * `src/testing/conformance/transport.ts` proves an adapter.
 */

import type { Lifecycle } from "./lifecycle.js";

/** One accepted socket, as the server sees it. */
export interface Socket {
  /** Remote address for limits and audit; never trusted. */
  readonly address: string;
  /** Bytes handed to `send` that have not left the process. */
  readonly bufferedBytes: number;
  /** Sends one binary message. Silent once closed. `bytes` must not change afterwards. */
  send(bytes: Uint8Array): void;
  /** Stops reading; what was read already may still be delivered (bounded by one read of the system). Repeatable. */
  pause(): void;
  /** Reads on. Repeatable. */
  resume(): void;
  /** Asks for a sign of life, answered by `onAlive`. */
  ping(): void;
  /** Flushes what was sent, says goodbye with `code`, and terminates within a few seconds whatever happens. */
  close(code: number, reason: string): void;
  /** Drops the socket at once. */
  terminate(): void;
}

/** What a socket tells. No call is made after `onClosed`. */
export interface SocketListener {
  /** One binary message. `bytes` may be a view of a larger buffer: copy what is kept. */
  onFrame(bytes: Uint8Array): void;
  /** Something that was sent has left the process: `bufferedBytes` fell. */
  onFlushed(): void;
  /** The answer to `ping`. */
  onAlive(): void;
  /**
   * The end, exactly once, whoever caused it. `code` is the peer's; 1003 or 4413 when the transport itself closed because
   * of what the peer sent; 1006 when the connection broke without a close frame.
   */
  onClosed(code: number): void;
}

/** Someone at the door, before the handshake. */
export interface Arrival {
  readonly address: string;
}

/** Why an arrival is turned away. */
export interface Refusal {
  /** HTTP status of the answer, for example 429 or 503. */
  readonly status: number;
  readonly retryAfterMs: number;
}

/** What a transport needs from the server. */
export interface TransportHost {
  /** Asked before the handshake; `null` lets the arrival in. */
  admit(arrival: Arrival): Refusal | null;
  /** Told of an arrival the transport itself turned away, because of the page it came from. */
  originRefused?(arrival: Arrival, origin: string): void;
  /** A socket is open. The listener is called from now on. */
  open(socket: Socket): SocketListener;
}

/** Sizes a transport enforces by itself. */
export interface TransportLimits {
  /** A larger message closes its socket with 4413. */
  readonly maxFrameBytes: number;
}

/** What an http server calls for an upgrade: with Node's request, raw socket, and the first bytes after the request. */
export type UpgradeListener = (request: unknown, socket: unknown, head: unknown) => void;

/**
 * An `http.Server` (or anything with its `upgrade` event). Structural, so that this contract names no Node type.
 */
export interface UpgradeSource {
  on(event: "upgrade", listener: UpgradeListener): unknown;
  off(event: "upgrade", listener: UpgradeListener): unknown;
  /** How many listen. Where it is absent, somebody else is taken to listen, too. */
  listenerCount?(event: "upgrade"): number;
}

/** Where sockets come from. */
export interface Transport extends Lifecycle {
  /** Where on an attached http server sockets are taken, for example `/ws`; for printing addresses. */
  readonly path?: string;
  /** Before `start`: whom to tell and what to enforce. */
  bind(host: TransportHost, limits: TransportLimits): void;
  /**
   * Takes over the upgrades of an http server at the transport's path. Every other upgrade is left to its other listeners;
   * when there are none it is refused, since nothing else would ever end it. Absent where sockets come another way.
   */
  attach?(server: UpgradeSource): void;
  /** From now on every arrival is turned away with `refusal`; open sockets stay. */
  stopAccepting(refusal: Refusal): void;
}
