/** What a listener of a socket is given; each kind of event fills its own part. */
export interface WebSocketEvent {
  /** The message. */
  readonly data?: unknown;
  /** The close code. */
  readonly code?: number;
}

/**
 * As much of the W3C `WebSocket` as the client uses; the built-in one and the `ws` package's fit. The client sets its
 * handlers once, right after the construction.
 */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** A constructor of sockets. */
export type WebSocketConstructor = new (url: string) => WebSocketLike;
