import type { Condition, NodeKey } from "../../../adapters/contracts/nodes.js";
import type { Claim, ClaimRequest, Presence, Route } from "../../../adapters/contracts/presence.js";
import type { ErrorCode } from "../../../core/errors.js";
import type { UserId } from "../../../core/model.js";
import { assertEqual, assertThat } from "../assert.js";
import type { Patience } from "../cluster/patience.js";
import { cutOff, healed, type Reachable } from "../cluster/reachable.js";

/** What is unavailable is so after so long, ms: 1 s, and what a busy machine adds. */
const FAILS_WITHIN_MS = 3_000;

/** Everything in which two claims may differ. */
export type ClaimParts = Partial<Omit<ClaimRequest, "route" | "live">> & { readonly live?: readonly NodeKey[] };

/** One node's presence, asked with patience. */
export class PresenceDesk {
  readonly presence: Presence;
  readonly conditions: Condition[] = [];
  /** Conditions told after `close` had resolved: none. */
  late = 0;
  readonly #node: Reachable<Presence>;
  readonly #patience: Patience;
  #isClosed = false;

  constructor(node: Reachable<Presence>, patience: Patience) {
    this.#node = node;
    this.#patience = patience;
    this.presence = node.adapter;
    this.presence.bind({ onCondition: (condition) => this.#note(condition) });
  }

  get state(): Condition["state"] | undefined {
    return this.conditions.at(-1)?.state;
  }

  /** Claims as a node does to which exactly the route's own registration and those of `live` are known. */
  claim(route: Route, { policy = "multi", maxDevices = 50, live = [] }: ClaimParts = {}): Promise<Claim> {
    const request: ClaimRequest = { route, policy, maxDevices, live: [...live, route.node] };
    return this.#patience.for("claim", this.presence.claim(request));
  }

  /** Claims, which must be granted; answers whom it displaced. */
  async enter(route: Route, parts: ClaimParts = {}): Promise<readonly Route[]> {
    const claim = await this.claim(route, parts);
    assertThat(claim.granted, "the claim is granted");
    return claim.displaced;
  }

  renew(routes: readonly Route[]): Promise<void> {
    return this.#patience.for("renew", this.presence.renew(routes));
  }

  release(routes: readonly Route[]): Promise<void> {
    return this.#patience.for("release", this.presence.release(routes));
  }

  locate(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Route[]>> {
    return this.#patience.for("locate", this.presence.locate(userIds));
  }

  /** Throws unless the book has exactly these routes of the user, in any order. */
  async assertRoutes(userId: UserId, expected: readonly Route[]): Promise<void> {
    const found = await this.locate([userId]);
    assertEqual(sorted(found.get(userId) ?? []), sorted(expected), `the routes of ${userId}`);
    assertEqual(found.has(userId), expected.length > 0, "whether the user is in the answer");
  }

  /** Throws unless all four calls reject with `code` in time. */
  async assertAllReject(route: Route, code: ErrorCode): Promise<void> {
    const { presence } = this;
    const request: ClaimRequest = { route, policy: "multi", maxDevices: 50, live: [route.node] };
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      claim: () => presence.claim(request),
      renew: () => presence.renew([route]),
      release: () => presence.release([route]),
      locate: () => presence.locate([route.userId]),
    };
    for (const [what, call] of Object.entries(calls)) await this.#patience.rejects(what, call, code, FAILS_WITHIN_MS);
  }

  cut(): Promise<void> {
    return cutOff(this.#node);
  }

  heal(): Promise<void> {
    return healed(this.#node);
  }

  async close(): Promise<void> {
    await this.presence.close();
    this.#isClosed = true;
  }

  #note(condition: Condition): void {
    if (this.#isClosed) this.late++;
    this.conditions.push(condition);
  }
}

/** The routes in a fixed order, as plain objects. */
export function sorted(routes: readonly Route[]): Route[] {
  const key = ({ userId, node, connection }: Route): string =>
    JSON.stringify([userId, node.id, connection, node.epoch]);
  const plain = routes.map(({ userId, node, connection, origin, deviceKind }) => ({
    userId,
    node: { id: node.id, epoch: node.epoch },
    connection,
    origin,
    deviceKind,
  }));
  return plain.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
