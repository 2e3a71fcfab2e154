import type { ClaimRequest, Condition, Presence, Route } from "../../../src/adapters/contracts/index.js";
import { ImError } from "../../../src/core/errors.js";
import type { VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

type Call = "claim" | "renew" | "release" | "locate";

/** A node's hand on the book of sessions: its adapter finds nothing wrong, but calls are refused or come late, as the test says. */
export class HarmedPresence implements Presence {
  /** What the book says instead of doing it. */
  readonly refusals = new Map<Call, string>();
  /** So much later a call gets to the book, ms. */
  readonly delaysMs = new Map<Call, number>();
  /** What was claimed, refused claims included. */
  readonly claimed: Route[] = [];
  /** How many routes each call brought. */
  readonly renewed: number[] = [];
  readonly #inner: Presence;
  readonly #time: VirtualTime;

  constructor(inner: Presence, time: VirtualTime) {
    this.#inner = inner;
    this.#time = time;
  }

  bind(host: { onCondition(condition: Condition): void }): void {
    this.#inner.bind(host);
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** What has to do with entering a session is refused with this text. */
  refuseToEnter(text: string): void {
    for (const call of ["claim", "renew"] as const) this.refusals.set(call, text);
  }

  claim(request: ClaimRequest) {
    this.claimed.push(request.route);
    return this.#call("claim", () => this.#inner.claim(request));
  }

  renew(routes: readonly Route[]) {
    this.renewed.push(routes.length);
    return this.#call("renew", () => this.#inner.renew(routes));
  }

  release(routes: readonly Route[]) {
    return this.#call("release", () => this.#inner.release(routes));
  }

  locate(userIds: readonly string[]) {
    return this.#call("locate", () => this.#inner.locate(userIds));
  }

  async #call<T>(call: Call, run: () => Promise<T>): Promise<T> {
    const delayMs = this.delaysMs.get(call) ?? 0;
    if (delayMs > 0) await new Promise<void>((resolve) => void this.#time.after(delayMs, resolve));
    const refusal = this.refusals.get(call);
    if (refusal !== undefined) throw new ImError("unavailable", { message: refusal });
    return run();
  }
}
