import { CLOSE } from "../../core/close-codes.js";
import type { Limits } from "../limits.js";

/** A legacy client sends a heartbeat every 120 s and takes a close for a crash, so it is given this long. */
const LEGACY_IDLE_MS = 600_000;
/** How often a legacy client is asked for a sign of life. */
const LEGACY_PING_MS = 25_000;

/** How long checking a token and finding the client's place may take before the client is sent away to try again. */
const SIGN_IN_MS = 15_000;

/** Why a connection has to end. */
export interface Verdict {
  readonly code: number;
  readonly reason: string;
}

/** The deadlines of one connection. Time comes from outside; nothing here owns a timer. */
export class Vitals {
  readonly #limits: Limits;
  readonly #openedAt: number;
  #heardAt: number;
  #pausedAt: number | null = null;
  #loginBegunAt: number | null = null;
  #isSignedIn = false;
  #isLegacy = false;
  #pingedAt: number;
  #flushedBytes = 0;
  #progressAt: number;

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#openedAt = now;
    this.#heardAt = now;
    this.#pingedAt = now;
    this.#progressAt = now;
  }

  /** Bytes came in. */
  heard(now: number): void {
    this.#heardAt = now;
  }

  /** The server stopped or went on reading; the time between does not count against the client. */
  reading(isReading: boolean, now: number): void {
    if (!isReading) {
      this.#pausedAt ??= now;
      return;
    }
    if (this.#pausedAt !== null) this.#heardAt += now - this.#pausedAt;
    this.#pausedAt = null;
  }

  /** The login frame is there; what follows is the server's work. */
  loginBegun(now: number): void {
    this.#loginBegunAt ??= now;
  }

  /** The session is open. */
  signedIn(isLegacy: boolean): void {
    this.#isSignedIn = true;
    this.#isLegacy = isLegacy;
  }

  /** True when it is time to ping. */
  pingDue(now: number): boolean {
    if (!this.#isLegacy || now - this.#pingedAt < LEGACY_PING_MS) return false;
    this.#pingedAt = now;
    return true;
  }

  /**
   * Looks at the clock.
   * @param flushedBytes all bytes that left for the client so far
   * @param bufferedBytes bytes that wait for it
   */
  check(now: number, flushedBytes: number, bufferedBytes: number): Verdict | null {
    if (flushedBytes > this.#flushedBytes || bufferedBytes === 0) this.#progressAt = now;
    this.#flushedBytes = flushedBytes;
    if (now - this.#progressAt >= this.#limits.stallTimeoutMs) {
      return { code: CLOSE.slowReader, reason: "reads too slowly" };
    }
    return this.#isSignedIn ? this.#checkIdle(now) : this.#checkLogin(now);
  }

  /** Absolute: traffic does not move it. */
  #checkLogin(now: number): Verdict | null {
    if (this.#loginBegunAt !== null) {
      return now - this.#loginBegunAt < SIGN_IN_MS ? null : { code: CLOSE.restart, reason: "the login took too long" };
    }
    if (now - this.#openedAt < this.#limits.loginTimeoutMs) return null;
    return { code: CLOSE.unauthenticated, reason: "no login in time" };
  }

  #checkIdle(now: number): Verdict | null {
    const silentMs = (this.#pausedAt ?? now) - this.#heardAt;
    const allowedMs = this.#isLegacy ? LEGACY_IDLE_MS : 2 * this.#limits.heartbeatMs;
    return silentMs > allowedMs ? { code: CLOSE.idle, reason: "no heartbeat" } : null;
  }
}
