/** Stops what a call started. Harmless when called twice or too late. */
export type Cancel = () => void;

/**
 * Everything the core takes from the world besides sockets and storage. Production code gets the system's,
 * tests and the simulator get one with a virtual clock and a seed.
 */
export interface Runtime {
  /** Wall clock, ms since 1970. May jump; only for what people read and for token expiry. */
  now(): number;
  /** Milliseconds since some fixed moment; never jumps back. For every duration. */
  elapsed(): number;
  /** Runs `run` once after `delayMs` (any non-negative number, also above 2^31). A timer keeps its process alive until it ran or was cancelled: who starts one cancels it in its `close`. */
  setTimer(delayMs: number, run: () => void): Cancel;
  /** Runs `run` after everything of the current event-loop turn; calls keep their order. */
  endOfTurn(run: () => void): void;
  /** `length` bytes of cryptographic randomness. */
  randomBytes(length: number): Uint8Array;
  /** Uniform in [0, 1); for jitter, never for ids. */
  random(): number;
}
