import { WebSocket } from "ws";
import { CLOSE } from "../../core/close-codes.js";

/** How long a peer may take to answer a goodbye before the socket is dropped, ms. */
const GOODBYE_MS = 3_000;

/** What the library would close with by itself, and what our protocol says instead. */
const VERDICTS: ReadonlyMap<number, number> = new Map([
  [1002, CLOSE.notBinary],
  [1007, CLOSE.notBinary],
  [1008, CLOSE.tooLarge],
  [1009, CLOSE.tooLarge],
]);

/**
 * The server's end of a WebSocket. It speaks our close codes where `ws` closes on its own account (too large, too many
 * pieces, against the protocol), and no goodbye takes longer than a few seconds.
 */
export class ServerWebSocket extends WebSocket {
  #verdict: number | null = null;
  #deadline: NodeJS.Timeout | null = null;

  /** The code this end closed with because of what the peer sent; `null` when it did not. */
  get verdict(): number | null {
    return this.#verdict;
  }

  /** Closes because of what the peer sent. */
  condemn(code: number, reason: string): void {
    this.#verdict ??= code;
    this.close(code, reason);
  }

  override close(code?: number, reason?: string | Buffer): void {
    // Only the library's receiver gives a code without a reason: an answer to the peer's close repeats its reason.
    const verdict = reason === undefined && code !== undefined ? VERDICTS.get(code) : undefined;
    if (verdict !== undefined && this.readyState === WebSocket.OPEN) this.#verdict ??= verdict;
    super.close(verdict ?? code, reason);
    this.#limitGoodbye();
  }

  #limitGoodbye(): void {
    if (this.#deadline !== null || this.readyState === WebSocket.CLOSED) return;
    this.#deadline = setTimeout(() => this.terminate(), GOODBYE_MS).unref();
    this.once("close", () => clearTimeout(this.#deadline ?? undefined));
  }
}
