import type { TokenAnswer, TokenOption } from "../../../client/token.js";
import { ImError } from "../../../core/errors.js";
import type { UserId } from "../../../core/model.js";
import type { Identity } from "../../../server/auth.js";
import type { SeededRandom } from "../../fakes/random.js";
import type { VirtualRuntime, VirtualTime } from "../../fakes/virtual-time.js";
import type { TokenHabit } from "../plan.js";
import type { ProbeCounts } from "../probes.js";

const WALL_START = 1_700_000_000_000;
/** An application with a cache gets a new token when the old one has less than this left, ms. */
const NEARLY_OVER_MS = 1_000;

/** What the office works with. */
export interface OfficeSurroundings {
  readonly time: VirtualTime;
  readonly probes: ProbeCounts;
  readonly random: SeededRandom;
}

/**
 * The application's accounts, on the machine of the server: gives tokens to devices and tells the server whose they are. A
 * token is a user id, and for one that ends `~`, its end, `~` and a number.
 */
export class TokenOffice {
  /** How it answers the server at present. */
  mood: "fair" | "busy" | "slow" = "fair";
  readonly #around: OfficeSurroundings;
  readonly #overdue = new Set<string>();
  #jumpedMs = 0;
  #issued = 0;

  constructor(around: OfficeSurroundings) {
    this.#around = around;
  }

  /** The wall clock of the machine at elapsed 0, with all its jumps so far. */
  get wallStart(): number {
    return WALL_START + this.#jumpedMs;
  }

  /** The wall clock of the machine jumps: a process that runs there has to be told as well. */
  jumpClock(ms: number): void {
    this.#jumpedMs += ms;
  }

  /** Had this token come to its end when the server was told whose it is? */
  wasOverdue(token: string): boolean {
    return this.#overdue.has(token);
  }

  /** What the application on a device hands to the client. */
  tokenFor(userId: UserId, habit: TokenHabit): TokenOption {
    if (habit === "forever") return userId;
    return habit === "fresh" ? () => this.#issue(userId) : this.#cached(userId);
  }

  /** The server asks. Throws `busy` when the office is. */
  async authenticate(token: string, server: VirtualRuntime): Promise<Identity> {
    const { random, probes } = this.#around;
    if (this.mood === "busy") {
      probes.hit("auth_busy");
      throw new ImError("busy");
    }
    if (this.mood === "slow") await pass(server, random.between(3_000, 12_000));
    const [userId = "", expiry] = token.split("~");
    if (expiry === undefined) return { userId };
    const expiresAt = Number(expiry);
    if (expiresAt <= server.now()) this.#overdue.add(token);
    return { userId, expiresAt };
  }

  #now(): number {
    return this.wallStart + this.#around.time.elapsed;
  }

  #issue(userId: UserId): Exclude<TokenAnswer, string> & { readonly expiresAt: number } {
    const expiresAt = this.#now() + this.#around.random.between(15_000, 60_000);
    return { token: `${userId}~${expiresAt}~${++this.#issued}`, expiresAt };
  }

  /** Keeps a token until it is nearly over, by the office's clock or because so much time went by. */
  #cached(userId: UserId): TokenOption {
    let kept = { ...this.#issue(userId), until: 0 };
    return () => {
      const { elapsed } = this.#around.time;
      if (Math.min(kept.until - elapsed, kept.expiresAt - this.#now()) < NEARLY_OVER_MS) {
        const issued = this.#issue(userId);
        kept = { ...issued, until: elapsed + issued.expiresAt - this.#now() };
      }
      return { token: kept.token, expiresAt: kept.expiresAt };
    };
  }
}

function pass(runtime: VirtualRuntime, ms: number): Promise<void> {
  return new Promise((resolve) => void runtime.setTimer(ms, resolve));
}
