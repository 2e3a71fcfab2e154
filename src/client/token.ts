import { ImError } from "../core/errors.js";
import { describe } from "../core/model.js";
import type { Runtime } from "../core/runtime.js";
import { ServerClock } from "./server-clock.js";

/** A token, or one that says when it ends (ms since 1970 by the server's clock). */
export type TokenAnswer = string | { readonly token: string; readonly expiresAt?: number | undefined };

/** A token, or a function that gets one. */
export type TokenOption = string | (() => TokenAnswer | Promise<TokenAnswer>);

/** A token in use. */
export interface TokenGrant {
  readonly token: string;
  /** When it ends, ms since 1970 by the server's clock; `null` when the token does not say. */
  readonly expiresAt: number | null;
  /** When the application handed it over, by `Runtime.elapsed`. */
  readonly receivedAt: number;
}

/** Longest time the application's function may take, ms. */
const ANSWER_WITHIN_MS = 30_000;
/** A token is renewed this long before its end, ms, or a tenth of its life before if that is shorter. */
const MARGIN_MS = 30_000;

/** Gets tokens and remembers which one the server refused. */
export class TokenSource {
  readonly #option: TokenOption;
  readonly #runtime: Runtime;
  readonly #clock: ServerClock;
  #current: TokenGrant | null = null;
  #refused: string | null = null;
  #renewing: Promise<TokenGrant> | null = null;
  #giveUp: (reason: string) => void = () => {};

  constructor(option: TokenOption, runtime: Runtime) {
    this.#option = option;
    this.#runtime = runtime;
    this.#clock = new ServerClock(runtime);
  }

  /**
   * The token to sign in with: the present one while it is good, else a new one. Rejects with `unauthenticated` when
   * there is nothing but the token the server refused; with anything else when the application's function failed.
   */
  async get(): Promise<TokenGrant> {
    const current = this.#current;
    return current !== null && (this.refreshInMs(current) ?? 0) > 0 ? current : this.renew();
  }

  /** The server told its time in an answer to a login or a token; 0 tells nothing. */
  serverTime(serverTime: number): void {
    this.#clock.told(serverTime);
  }

  /** Until the next token has to be got, ms; negative when that is overdue; `null` when the token does not say. */
  refreshInMs({ expiresAt, receivedAt }: TokenGrant): number | null {
    if (expiresAt === null) return null;
    const leftMs = expiresAt - this.#clock.now();
    const lifeMs = Math.max(0, leftMs + this.#runtime.elapsed() - receivedAt);
    return leftMs - Math.min(MARGIN_MS, lifeMs / 10);
  }

  /** Asks for a new token, once for all who want one at the same time. Rejects like {@link get}. */
  renew(): Promise<TokenGrant> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** The server did not accept `token`: it is not used again. */
  refuse(token: string): void {
    this.#refused = token;
    if (this.#current?.token === token) this.#current = null;
  }

  /** The end: nobody waits for the application's function any more. */
  close(): void {
    this.#giveUp("the client was closed");
  }

  async #renew(): Promise<TokenGrant> {
    const { token, expiresAt } = await this.#ask();
    if (token === this.#refused) throw new ImError("unauthenticated", { message: this.#refusedText() });
    this.#current = { token, expiresAt: expiresAt ?? null, receivedAt: this.#runtime.elapsed() };
    return this.#current;
  }

  async #ask(): Promise<Exclude<TokenAnswer, string>> {
    if (typeof this.#option === "string") return { token: this.#option };
    const call = this.#option;
    return parseAnswer(await this.#inTime(async () => call()));
  }

  #inTime<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp = (message) => {
        cancel();
        reject(new ImError("unavailable", { message }));
      };
      const late = `the token function took longer than ${ANSWER_WITHIN_MS} ms`;
      const cancel = this.#runtime.setTimer(ANSWER_WITHIN_MS, () => this.#giveUp(late));
      call().then(resolve, reject).finally(cancel);
    });
  }

  #refusedText(): string {
    return typeof this.#option === "string"
      ? "the server did not accept the token"
      : "the server did not accept the token, and the token function returned the same one again";
  }
}

function parseAnswer(answer: unknown): Exclude<TokenAnswer, string> {
  const parts = (typeof answer === "string" ? { token: answer } : (answer ?? {})) as Record<string, unknown>;
  const { token, expiresAt } = parts;
  if (typeof token !== "string" || token === "") {
    throw new ImError("invalid_argument", {
      message: "the token function must answer a token or { token, expiresAt }",
    });
  }
  if (expiresAt === undefined) return { token };
  if (typeof expiresAt === "number" && Number.isFinite(expiresAt)) return { token, expiresAt };
  throw new ImError("invalid_argument", { message: `expiresAt must be ms since 1970, got ${describe(expiresAt)}` });
}
