import type { Claim, DevicePolicy, NodeKey, Presence, Route } from "../../adapters/contracts/index.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { Connection } from "../connections/connection.js";
import type { Session } from "../connections/session.js";
import type { ConnectionTable } from "../connections/table.js";
import type { Membership } from "./membership.js";

/** A login waits so long for the book of sessions, ms; then it goes on without, and the next renewal enters it. */
const CLAIM_WITHIN_MS = 1_000;
/** Every session is renewed once in so long, ms: so soon the book is right again after it was lost. */
const ROUND_MS = 8_000;
/** Sessions that are renewed, or released, in one call. */
const BATCH = 500;
/** Sessions that have ended and are to be released, at most; what is beyond that is forgotten by the book itself. */
const MAX_ENDED = 50_000;
/** After a failure the next attempt waits so long, ms. */
const RETRY_MS = 1_000;

const GRANTED: Claim = { granted: true, displaced: [] };

/** What keeping the book of sessions needs. */
export interface RoutesServices {
  readonly presence: Presence;
  readonly membership: Membership;
  readonly table: ConnectionTable;
  readonly runtime: Runtime;
  readonly policy: DevicePolicy;
  readonly maxDevices: number;
}

/**
 * This node's part of the book of sessions: entered at a login, renewed in rounds, taken out at the end. The book may be away or
 * wrong: then clients hear of messages later, and nobody is kept out.
 */
export class Routes {
  readonly #services: RoutesServices;
  #ended: Route[] = [];
  #isReleasing = false;
  /** Sessions of the round that are still to be renewed. */
  #round: Connection[] = [];
  /** The registration the last round was begun under. */
  #renewedAs = "";
  #cancel: Cancel | null = null;
  #isStopped = true;

  constructor(services: RoutesServices) {
    this.#services = services;
  }

  start(): void {
    this.#isStopped = false;
    this.#next(ROUND_MS / 2);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  /**
   * Enters a session that is about to begin. Where the book does not answer in time, nobody is refused.
   * @param onDisplaced whom it replaces; told late where the answer is late
   */
  async claim(
    connection: Connection,
    session: Session,
    onDisplaced: (routes: readonly Route[]) => void,
  ): Promise<Claim> {
    const { presence, membership, policy, maxDevices } = this.#services;
    const { self, live } = membership;
    if (self === null) return GRANTED;
    const route = routeOf(connection, session, self);
    const claiming = presence.claim({ route, policy, maxDevices, live }).then((claim) => {
      // Also when the login went on without: the book has given their place away.
      if (claim.granted && !connection.hasEnded) onDisplaced(claim.displaced);
      return claim;
    });
    return this.#inTime(claiming);
  }

  /** A session has ended, or was claimed and did not begin. */
  left(connection: Connection, session: Session): void {
    const { self } = this.#services.membership;
    if (self === null || this.#ended.length >= MAX_ENDED) return;
    this.#ended.push(routeOf(connection, session, self));
    if (!this.#isReleasing) void this.#release();
  }

  /** Takes out what is left, as the last step of a goodbye. */
  async releaseAll(): Promise<void> {
    while (this.#ended.length > 0 && (await this.#releaseBatch()));
  }

  async #release(): Promise<void> {
    this.#isReleasing = true;
    // Whoever ends in one turn is taken out together.
    await new Promise<void>((resolve) => this.#services.runtime.endOfTurn(resolve));
    while (this.#ended.length > 0 && (await this.#releaseBatch()));
    this.#isReleasing = false;
  }

  /** False when the book was not to be had: what was to be taken out is a ghost until its time is up. */
  async #releaseBatch(): Promise<boolean> {
    const batch = this.#ended.splice(0, BATCH);
    try {
      await this.#services.presence.release(batch);
      return true;
    } catch {
      this.#ended = [];
      return false;
    }
  }

  async #inTime(claim: Promise<Claim>): Promise<Claim> {
    const { runtime } = this.#services;
    let cancel: Cancel = () => {};
    const late = new Promise<Claim>((resolve) => {
      cancel = runtime.setTimer(CLAIM_WITHIN_MS, () => resolve(GRANTED));
    });
    const answered = claim.catch(() => GRANTED);
    const result = await Promise.race([answered, late]);
    cancel();
    return result;
  }

  #next(delayMs: number): void {
    if (!this.#isStopped) this.#cancel = this.#services.runtime.setTimer(delayMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { membership, presence } = this.#services;
    const { self } = membership;
    if (self === null) return this.#next(RETRY_MS);
    // Under a new registration all that was said before is void: nothing is spread over time then.
    const isNew = self.epoch !== this.#renewedAs;
    if (isNew || this.#round.length === 0) this.#beginRound(self);
    try {
      const routes = this.#round.splice(0, BATCH).flatMap((connection) => routesOf(connection, self));
      if (routes.length > 0) await presence.renew(routes);
      this.#next(this.#pauseMs(isNew));
    } catch {
      this.#round = [];
      this.#next(RETRY_MS);
    }
  }

  #beginRound(self: NodeKey): void {
    this.#renewedAs = self.epoch;
    const { table } = this.#services;
    this.#round = table.users().flatMap((userId) => [...table.ofUser(userId)]);
    this.#batches = Math.max(1, Math.ceil(this.#round.length / BATCH));
  }

  #batches = 1;

  #pauseMs(isNew: boolean): number {
    return isNew && this.#round.length > 0 ? 0 : ROUND_MS / this.#batches;
  }
}

function routesOf(connection: Connection, self: NodeKey): Route[] {
  const { session, hasEnded } = connection;
  return session === null || hasEnded ? [] : [routeOf(connection, session, self)];
}

function routeOf(connection: Connection, session: Session, { id, epoch }: NodeKey): Route {
  const { userId, origin, deviceKind } = session;
  return { userId, node: { id, epoch }, connection: connection.id, origin, deviceKind };
}
