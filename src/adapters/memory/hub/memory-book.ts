import type { UserId } from "../../../core/model.js";
import { decideClaim, isSameConnection } from "../../contracts/decide-claim.js";
import type { Claim, ClaimRequest, Route } from "../../contracts/presence.js";
import type { HubTimers } from "./hub-timers.js";

/** A route that nobody has renewed for so long is forgotten, ms. */
export const ROUTE_LIFE_MS = 60_000;

interface Entry {
  readonly route: Route;
  /** Elapsed ms. */
  readonly renewedAt: number;
}

/** Who is connected where, as all presences of a hub share it. Each call is one synchronous stretch, so none comes between two steps. */
export class MemoryBook {
  readonly #timers: HubTimers;
  readonly #entries = new Map<UserId, readonly Entry[]>();
  #sweptAt: number;

  constructor(timers: HubTimers) {
    this.#timers = timers;
    this.#sweptAt = timers.elapsed();
  }

  claim(request: ClaimRequest): Claim {
    this.#sweep();
    const { userId } = request.route;
    const entries = this.#of(userId);
    const decision = decideClaim(
      entries.map(({ route }) => route),
      request,
    );
    if (!decision.granted) return decision;
    const kept = entries.filter(({ route }) => decision.kept.includes(route));
    this.#put(userId, [...kept, this.#entry(request.route)]);
    return { granted: true, displaced: decision.displaced };
  }

  /** A route that is there keeps its place, so that the oldest stays the oldest. */
  renew(routes: readonly Route[]): void {
    this.#sweep();
    for (const route of routes) {
      const entries = [...this.#of(route.userId)];
      const place = entries.findIndex((entry) => isSameConnection(entry.route, route));
      entries[place < 0 ? entries.length : place] = this.#entry(route);
      this.#put(route.userId, entries);
    }
  }

  release(routes: readonly Route[]): void {
    for (const gone of routes) {
      const isGone = ({ route }: Entry): boolean =>
        isSameConnection(route, gone) && route.node.epoch === gone.node.epoch;
      const entries = this.#of(gone.userId);
      this.#put(
        gone.userId,
        entries.filter((entry) => !isGone(entry)),
      );
    }
  }

  locate(userIds: readonly UserId[]): ReadonlyMap<UserId, readonly Route[]> {
    const found = new Map<UserId, readonly Route[]>();
    for (const userId of userIds) {
      const entries = this.#of(userId);
      if (entries.length > 0)
        found.set(
          userId,
          entries.map(({ route }) => route),
        );
    }
    return found;
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
  }

  #entry(route: Route): Entry {
    return {
      route: { ...route, node: { id: route.node.id, epoch: route.node.epoch } },
      renewedAt: this.#timers.elapsed(),
    };
  }

  #of(userId: UserId): readonly Entry[] {
    const oldest = this.#timers.elapsed() - ROUTE_LIFE_MS;
    return this.#entries.get(userId)?.filter(({ renewedAt }) => renewedAt >= oldest) ?? [];
  }

  #put(userId: UserId, entries: readonly Entry[]): void {
    if (entries.length > 0) this.#entries.set(userId, entries);
    else this.#entries.delete(userId);
  }

  /** Once in a life of a route, so that users who never come back leave nothing. */
  #sweep(): void {
    if (this.#timers.elapsed() - this.#sweptAt < ROUTE_LIFE_MS) return;
    this.#sweptAt = this.#timers.elapsed();
    for (const userId of [...this.#entries.keys()]) this.#put(userId, this.#of(userId));
  }
}
