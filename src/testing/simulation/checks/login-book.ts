import type { DeviceId, HistoryEvent, LinkId, NodeNumber } from "../history.js";

/** What is left of a session keeps others out no longer than this after the server knew of its end, ms. */
const AFTER_END_MS = 5_000;
/** The same after its node died or stood still: its registration lives 10 s, and others have to hear of its end. */
const AFTER_DEATH_MS = 15_000;
/** A login without an answer may be held up for so long and still replace others, ms. */
const HELD_UP_MS = 90_000;

interface Login {
  readonly device: DeviceId;
  readonly node: NodeNumber;
  readonly at: number;
  /** How many logins there were before. */
  readonly order: number;
  /** How many there were when it was answered; Infinity while it was not. */
  answeredBefore: number;
  isRefused: boolean;
  /** From then on nothing is left of it; Infinity while it is there. */
  goneAt: number;
}

/** All logins of a history, and what is left of each. */
export class LoginBook {
  readonly #logins = new Map<LinkId, Login>();
  readonly #frozenAt = new Map<NodeNumber, number>();

  follow(event: HistoryEvent): void {
    if (event.kind === "knocked") this.#enter(event.link, event.device, event.node, event.at);
    else if (event.kind === "online") this.#answered(event.link, false);
    else if (event.kind === "turned_away") this.#answered(event.link, true);
    else if (event.kind === "left") this.#end(event.link, event.at + AFTER_END_MS);
    else if (event.kind === "crash") this.#died(event.node ?? 0, event.at);
    else if (event.kind === "frozen") this.#frozenAt.set(event.node ?? 0, event.at);
    else if (event.kind === "thawed") this.#frozenAt.delete(event.node ?? 0);
  }

  /** May one of these devices be there, or what is left of it? */
  isThere(devices: readonly DeviceId[], at: number): boolean {
    return [...this.#logins.values()].some((login) => {
      const frozenUntil = (this.#frozenAt.get(login.node) ?? Number.POSITIVE_INFINITY) + AFTER_DEATH_MS;
      const isLeft = Math.min(login.goneAt, frozenUntil) >= at;
      return devices.includes(login.device) && !login.isRefused && isLeft;
    });
  }

  /** Has one of these devices signed in later than `device`, or been held up until then? */
  mayReplace(devices: readonly DeviceId[], device: DeviceId, at: number): boolean {
    const all = [...this.#logins.values()];
    const own = all.filter((login) => login.device === device).at(-1)?.order ?? 0;
    return all.some((login) => {
      const wasHeldUp = login.answeredBefore > own && at - login.at <= HELD_UP_MS;
      return devices.includes(login.device) && (login.order > own || wasHeldUp);
    });
  }

  #enter(link: LinkId, device: DeviceId, node: NodeNumber, at: number): void {
    const never = Number.POSITIVE_INFINITY;
    const order = this.#logins.size;
    this.#logins.set(link, { device, node, at, order, answeredBefore: never, isRefused: false, goneAt: never });
  }

  #answered(link: LinkId | undefined, isRefused: boolean): void {
    const login = link === undefined ? undefined : this.#logins.get(link);
    if (login === undefined) return;
    login.answeredBefore = this.#logins.size;
    login.isRefused = isRefused;
  }

  #end(link: LinkId, goneAt: number): void {
    const login = this.#logins.get(link);
    if (login !== undefined) login.goneAt = Math.min(login.goneAt, goneAt);
  }

  #died(node: NodeNumber, at: number): void {
    this.#frozenAt.delete(node);
    for (const [link, login] of this.#logins) if (login.node === node) this.#end(link, at + AFTER_DEATH_MS);
  }
}
