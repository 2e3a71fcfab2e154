import type { DevicePolicy } from "../../../adapters/contracts/index.js";
import { CLOSE } from "../../../core/close-codes.js";
import type { DeviceId, HistoryEvent } from "../history.js";
import { DisconnectWatch } from "./disconnect-watch.js";
import type { EventOf, Facts } from "./facts.js";
import { LoginBook } from "./login-book.js";
import { LoginWatch } from "./login-watch.js";
import type { Violation } from "./violation.js";

/** Where the book of sessions could not be kept, somebody may be kept out so long: it forgets what nobody renews for a minute. */
const AFTER_HARM_MS = 65_000;
/** Whoever is replaced while all is well hears so within this, ms. */
const REPLACED_WITHIN_MS = 5_000;

/** I14 and the rules about devices: nobody is kept out or sent away without a reason, and whoever is replaced or disconnected goes. */
export function checkSessions(facts: Facts): Violation[] {
  const watches = [new SessionWatch(), new LoginWatch(), new DisconnectWatch()];
  return watches.flatMap((watch) => watch.check(facts.events));
}

interface Person {
  readonly userId: string;
  readonly deviceKind: string;
}

/** Follows who is signed in where, as far as others may be kept out or replaced by it. */
class SessionWatch {
  readonly #found: Violation[] = [];
  readonly #people = new Map<DeviceId, Person>();
  readonly #book = new LoginBook();
  readonly #disconnects = new DisconnectWatch();
  /** Whoever is signed in, as it sees it. */
  readonly #online = new Set<DeviceId>();
  /** Whoever is replaced, and until when it may stay. */
  readonly #replaced = new Map<DeviceId, number>();
  #policy: DevicePolicy = "multi";
  #isUnited = false;
  #harmedUntil = 0;

  check(events: readonly HistoryEvent[]): readonly Violation[] {
    for (const event of events) this.#follow(event);
    return this.#found;
  }

  #follow(event: HistoryEvent): void {
    this.#book.follow(event);
    this.#disconnects.follow(event);
    if (event.kind === "rules") this.#policy = event.policy;
    else if (event.kind === "opened") this.#opened(event);
    else if (event.kind === "online") this.#answered(event);
    else if (event.kind === "turned_away") this.#turnedAway(event);
    else if (event.kind === "gave_up") this.#gaveUp(event);
    else if (event.kind === "offline") this.#gone(event.device, event.at);
    else if (event.kind === "quiet") for (const device of [...this.#online]) this.#gone(device, event.at);
    else if (event.kind === "united") this.#isUnited = true;
    else if (event.kind === "book_harmed" || event.kind === "book_kept") this.#harmedUntil = event.at + AFTER_HARM_MS;
  }

  #opened({ device, userId, deviceKind = "" }: EventOf<"opened">): void {
    this.#people.set(device, { userId, deviceKind });
    this.#online.delete(device);
    this.#replaced.delete(device);
  }

  #answered({ device, at }: EventOf<"online">): void {
    for (const other of this.#rivals(device)) this.#displace(other, at);
    this.#online.add(device);
  }

  /** Only what happens while all is well is sure to be heard. */
  #displace(device: DeviceId, at: number): void {
    if (!this.#isUnited || !this.#online.has(device) || this.#replaced.has(device)) return;
    this.#replaced.set(device, at + (this.#policy === "reject-new" ? 0 : REPLACED_WITHIN_MS));
  }

  #gone(device: DeviceId, at: number): void {
    const until = this.#replaced.get(device) ?? Number.POSITIVE_INFINITY;
    if (at > until) {
      const text = `${device} was signed in ${at - until} ms longer than another device of its user allows`;
      this.#found.push({ class: "crowded", device, text });
    }
    this.#replaced.delete(device);
    this.#online.delete(device);
  }

  #turnedAway({ device, code, at }: EventOf<"turned_away">): void {
    if (code === "forbidden" && this.#isKeptOut(device, at)) return;
    this.#found.push({ class: "locked-out", device, text: `a login with a good token was answered ${code}` });
  }

  #gaveUp({ device, closeCode, message, at }: EventOf<"gave_up">): void {
    const isRight =
      (closeCode === CLOSE.forbidden && this.#isKeptOut(device, at)) ||
      (closeCode === CLOSE.replaced && this.#isReplaced(device, at)) ||
      (closeCode === CLOSE.kicked && this.#disconnects.isMeant(device));
    this.#gone(device, at);
    if (isRight) return;
    const text = `the client of ${device} closed itself: ${message} (${closeCode})`;
    this.#found.push({ class: "locked-out", device, text });
  }

  #isKeptOut(device: DeviceId, at: number): boolean {
    if (this.#policy !== "reject-new") return false;
    const rivals = this.#rivals(device);
    if (at <= this.#harmedUntil) return rivals.length > 0;
    return this.#book.isThere(rivals, at);
  }

  #isReplaced(device: DeviceId, at: number): boolean {
    return this.#policy !== "reject-new" && this.#book.mayReplace(this.#rivals(device), device, at);
  }

  /** Other devices of the user that the rules do not allow beside this one. */
  #rivals(device: DeviceId): readonly DeviceId[] {
    const person = this.#people.get(device);
    if (this.#policy === "multi" || person === undefined) return [];
    const rivals = [...this.#people].filter(([other, { userId, deviceKind }]) => {
      const isRival = this.#policy !== "one-per-device-kind" || deviceKind === person.deviceKind;
      return other !== device && userId === person.userId && isRival;
    });
    return rivals.map(([other]) => other);
  }
}
