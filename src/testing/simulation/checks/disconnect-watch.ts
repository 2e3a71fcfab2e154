import type { UserId } from "../../../core/model.js";
import { type DeviceId, type HistoryEvent, type NodeNumber, ownerOf } from "../history.js";
import type { EventOf } from "./facts.js";
import type { Violation } from "./violation.js";

/** While all nodes are well every session of a user who is disconnected ends within this, ms. */
const ENDED_WITHIN_MS = 2_000;
/** An order is so long under way to another node at most, ms; a session that begins meanwhile may be taken for an older one. */
const UNDER_WAY_MS = 5_000;

/** Follows whom the application disconnects: all that was there ends, and nothing that has begun since. */
export class DisconnectWatch {
  readonly #found: Violation[] = [];
  readonly #online = new Set<DeviceId>();
  /** The last login of each device; it may be signed in at its node without having heard so. */
  readonly #knocks = new Map<DeviceId, EventOf<"knocked">>();
  /** The last order about each user. */
  readonly #orderedAt = new Map<UserId, number>();
  /** When each node last stood still: orders that came then are heard afterwards. */
  readonly #thawedAt = new Map<NodeNumber, number>();
  /** Whoever has to go, and until when. */
  readonly #leaving = new Map<DeviceId, number>();
  #isUnited = false;

  /** Every session that stayed. */
  check(events: readonly HistoryEvent[]): readonly Violation[] {
    for (const event of events) this.follow(event);
    return this.#found;
  }

  /** The next event, in order. */
  follow(event: HistoryEvent): void {
    if (event.kind === "disconnected") this.#disconnected(event);
    else if (event.kind === "knocked") this.#knocks.set(event.device, event);
    else if (event.kind === "online") this.#online.add(event.device);
    else if (event.kind === "offline" || event.kind === "gave_up") this.#gone(event.device, event.at);
    else if (event.kind === "quiet") for (const device of [...this.#online]) this.#gone(device, event.at);
    else if (event.kind === "united") this.#isUnited = true;
    else if (event.kind === "thawed") this.#thawedAt.set(event.node ?? 0, event.at);
  }

  /** Whether a session that was ended because the application wanted it was there when it said so. */
  isMeant(device: DeviceId): boolean {
    const orderedAt = this.#orderedAt.get(ownerOf(device));
    const knock = this.#knocks.get(device);
    if (orderedAt === undefined || knock === undefined) return false;
    return knock.at <= Math.max(orderedAt, this.#thawedAt.get(knock.node) ?? 0) + UNDER_WAY_MS;
  }

  #disconnected({ userId, at }: EventOf<"disconnected">): void {
    this.#orderedAt.set(userId, at);
    if (!this.#isUnited) return;
    for (const device of this.#online) {
      if (ownerOf(device) === userId && !this.#leaving.has(device)) this.#leaving.set(device, at + ENDED_WITHIN_MS);
    }
  }

  #gone(device: DeviceId, at: number): void {
    const until = this.#leaving.get(device) ?? Number.POSITIVE_INFINITY;
    if (at > until) {
      const text = `${device} was signed in ${at - until} ms longer than it may be after its user was disconnected`;
      this.#found.push({ class: "crowded", device, text });
    }
    this.#leaving.delete(device);
    this.#online.delete(device);
  }
}
