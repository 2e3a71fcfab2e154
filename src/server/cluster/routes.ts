import type { Claim, DevicePolicy, NodeKey, Presence, Route } from "../../adapters/contracts/index.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { Connection } from "../connections/connection.js";
import type { Session } from "../connections/session.js";
import type { ConnectionTable } from "../connections/table.js";
import type { BookHealth } from "./book-health.js";
import { Departures } from "./departures.js";
import type { Membership } from "./membership.js";

/** A login waits so long for the book of sessions, ms; then it goes on without, and the next renewal enters it. */
const CLAIM_WITHIN_MS = 1_000;
/** Every session is renewed once in so long, ms: so soon the book is right again after it was lost. */
const ROUND_MS = 8_000;
/** Sessions that are renewed in one call. */
const BATCH = 500;
/** After a failure the next attempt waits so long, ms. */
const RETRY_MS = 1_000;

const GRANTED: Claim = { granted: true, displaced: [] };

/** What keeping the book of sessions needs. */
export interface RoutesServices {
  readonly presence: Presence;
  readonly membership: Membership;
  readonly bookHealth: BookHealth;
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
  readonly #departures: Departures;
  /** Connections that have not left, and the registration under which the book was told of each last; `null`: it was not told. */
  readonly #claimed = new Map<number, NodeKey | null>();
  /** Sessions of the round that are still to be renewed. */
  #round: Connection[] = [];
  #batches = 1;
  /** The registration the last round was begun under. */
  #roundEpoch = "";
  /** Not all sessions were entered since the last failure or registration: nothing is spread over time then. */
  #isBehind = true;
  /** Sessions that a login could not enter: with the next batch, which comes soon. */
  #missed: Connection[] = [];
  #isRenewing = false;
  #cancel: Cancel | null = null;
  #isStopped = true;

  constructor(services: RoutesServices) {
    this.#services = services;
    this.#departures = new Departures(services.presence, services.runtime);
  }

  start(): void {
    this.#isStopped = false;
    this.#departures.start();
    this.#next(ROUND_MS / 2);
  }

  stop(): void {
    this.#isStopped = true;
    this.#departures.stop();
    this.#cancel?.();
  }

  /** Under a new registration all that was said before is void, so it is said again at once. */
  membershipChanged(): void {
    const { self } = this.#services.membership;
    if (self !== null && self.epoch !== this.#roundEpoch && !this.#isRenewing) this.#next(0);
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
    const { self } = this.#services.membership;
    this.#claimed.set(connection.id, self);
    if (self === null) return GRANTED;
    const claim = await this.#inTime(this.#enter(connection, routeOf(connection, session, self), onDisplaced));
    if (!claim.granted) this.#claimed.delete(connection.id);
    return claim;
  }

  /** A session has ended, or was claimed and did not begin. Also when this node is no longer registered: the book does not know so. */
  left(connection: Connection, session: Session): void {
    const key = this.#claimed.get(connection.id) ?? null;
    this.#claimed.delete(connection.id);
    if (key !== null) this.#departures.add(routeOf(connection, session, key));
  }

  /** What the book says of this node: a connection that is not here has ended, and is taken out. */
  check(route: Route): void {
    if (!this.#claimed.has(route.connection)) this.#departures.add(route);
  }

  /** Takes out what is left, as the last step of a goodbye. */
  async releaseAll(): Promise<void> {
    await this.#departures.releaseAll();
  }

  async #enter(connection: Connection, route: Route, onDisplaced: (routes: readonly Route[]) => void): Promise<Claim> {
    const { presence, membership, policy, maxDevices } = this.#services;
    try {
      const claim = await presence.claim({ route, policy, maxDevices, live: membership.live });
      this.#departures.hurry();
      // Also when the login went on without: the book has given their place away.
      if (claim.granted && !connection.hasEnded) onDisplaced(claim.displaced);
      return claim;
    } catch (error) {
      this.#miss(connection, error);
      throw error;
    } finally {
      // It may have been entered after it was taken out.
      if (connection.hasEnded) this.#departures.add(route);
    }
  }

  /** Nobody waits for the next round: until it is entered, no other node finds it. */
  #miss(connection: Connection, error: unknown): void {
    this.#services.bookHealth.missed(error);
    this.#missed.push(connection);
    if (this.#missed.length === 1 && !this.#isRenewing) this.#next(RETRY_MS);
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
    this.#cancel?.();
    if (!this.#isStopped) this.#cancel = this.#services.runtime.setTimer(delayMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { self } = this.#services.membership;
    if (self === null) return this.#next(RETRY_MS);
    if (self.epoch !== this.#roundEpoch || this.#round.length === 0) this.#beginRound(self);
    this.#isRenewing = true;
    const isDone = await this.#renewBatch(self);
    this.#isRenewing = false;
    this.#next(isDone ? this.#pauseMs : RETRY_MS);
  }

  #beginRound(self: NodeKey): void {
    if (self.epoch !== this.#roundEpoch) this.#isBehind = true;
    this.#roundEpoch = self.epoch;
    const { table } = this.#services;
    this.#round = table.users().flatMap((userId) => [...table.ofUser(userId)]);
    this.#batches = Math.max(1, Math.ceil(this.#round.length / BATCH));
  }

  /** False when the book was not to be had. */
  async #renewBatch(self: NodeKey): Promise<boolean> {
    const { presence, bookHealth } = this.#services;
    const batch = [...this.#missed.splice(0), ...this.#round.splice(0, BATCH)].filter(({ hasEnded }) => !hasEnded);
    const routes = batch.flatMap((connection) => routesOf(connection, self));
    for (const { connection, node } of routes) this.#claimed.set(connection, node);
    try {
      if (routes.length > 0) await presence.renew(routes);
      if (this.#round.length === 0) this.#isBehind = false;
      if (!this.#isBehind) bookHealth.entered();
      if (routes.length > 0) this.#departures.hurry();
      return true;
    } catch (error) {
      this.#round = [];
      this.#isBehind = true;
      bookHealth.failed(error);
      return false;
    } finally {
      // Who has ended meanwhile may have been entered after it was taken out.
      const ended = batch.filter(({ hasEnded }) => hasEnded);
      for (const route of ended.flatMap((connection) => routesOf(connection, self))) this.#departures.add(route);
    }
  }

  get #pauseMs(): number {
    const isNew = this.#services.membership.self?.epoch !== this.#roundEpoch;
    if (isNew || this.#isBehind) return 0;
    return this.#missed.length > 0 ? RETRY_MS : ROUND_MS / this.#batches;
  }
}

function routesOf(connection: Connection, self: NodeKey): Route[] {
  const { session } = connection;
  return session === null ? [] : [routeOf(connection, session, self)];
}

function routeOf(connection: Connection, session: Session, { id, epoch }: NodeKey): Route {
  const { userId, origin, deviceKind } = session;
  return { userId, node: { id, epoch }, connection: connection.id, origin, deviceKind };
}
