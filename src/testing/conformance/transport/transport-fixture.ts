import type { Transport } from "../../../adapters/contracts/transport.js";

/** The other end of one socket, as a client of the transport under test sees it. */
export interface TestClient {
  /** Sends one binary message. */
  send(bytes: Uint8Array): void;
  /** Every message so far, in the order of arrival; copies. */
  readonly received: readonly Uint8Array[];
  /** Resolves with the close code when the socket is over: 1006 without a close frame. */
  readonly closed: Promise<number>;
  /** Takes nothing from the network until `startReading`, so that the server's bytes pile up. */
  stopReading(): void;
  startReading(): void;
  /** Ends the socket with a goodbye. */
  close(code: number, reason: string): void;
  /** Ends the socket without a goodbye, in a way the server notices at once. */
  drop(): void;
}

/** A transport, and a way to reach it. */
export interface TransportFixture {
  /** New: the suite calls `bind`, `start` and `close`. Attached already where it needs something to be attached to. */
  readonly transport: Transport;
  /** Opens a socket. Rejects when the server turns it away. */
  connect(): Promise<TestClient>;
  /** Gives back what the fixture itself holds (an http server, say). Called after `transport.close()`. */
  dispose(): Promise<void>;
}

/** Makes a new fixture for each case. */
export type TransportFactory = () => Promise<TransportFixture>;
