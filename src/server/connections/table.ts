import type { DevicePolicy } from "../../adapters/contracts/index.js";
import { CLOSE } from "../../core/close-codes.js";
import type { UserId } from "../../core/model.js";
import type { Connection } from "./connection.js";
import type { Session } from "./session.js";

/** Who is connected to this node. Everything is found and removed by connection, never by user alone. */
export class ConnectionTable {
  readonly #all = new Set<Connection>();
  readonly #byUser = new Map<UserId, Set<Connection>>();
  readonly #policy: DevicePolicy;
  readonly #maxDevicesPerUser: number;

  constructor(policy: DevicePolicy, maxDevicesPerUser: number) {
    this.#policy = policy;
    this.#maxDevicesPerUser = maxDevicesPerUser;
  }

  /** Every open connection, signed in or not. */
  get all(): ReadonlySet<Connection> {
    return this.#all;
  }

  /** Every user with a session. */
  users(): UserId[] {
    return [...this.#byUser.keys()];
  }

  /** The connections of a user, oldest first. */
  ofUser(userId: UserId): ReadonlySet<Connection> {
    return this.#byUser.get(userId) ?? new Set();
  }

  add(connection: Connection): void {
    this.#all.add(connection);
  }

  /**
   * Enters a session. `null` when the policy refuses it; otherwise the connections it replaces, which the caller ends.
   * In one turn, so that two logins cannot pass each other. Also refused is a login that was held up for so long that its
   * installation gave the connection up and came back on a younger one, when it would replace that: nobody waits for it, but
   * who is replaced stays away for good.
   */
  claim(connection: Connection, session: Session): readonly Connection[] | null {
    const others = [...this.ofUser(session.userId)];
    const isSecond = others.some((other) => !isSameInstallation(other, session));
    if (this.#policy === "reject-new" && isSecond) return null;
    const displaced = this.#displaced(others, session);
    if (displaced.some((other) => other.id > connection.id && isSameInstallation(other, session))) return null;
    connection.enter(session);
    const set = this.#byUser.get(session.userId) ?? new Set();
    this.#byUser.set(session.userId, set);
    set.add(connection);
    return displaced;
  }

  /** Forgets a connection, and only this one. */
  remove(connection: Connection): void {
    this.#all.delete(connection);
    const userId = connection.session?.userId;
    const set = userId === undefined ? undefined : this.#byUser.get(userId);
    if (userId === undefined || set === undefined) return;
    set.delete(connection);
    if (set.size === 0) this.#byUser.delete(userId);
  }

  #displaced(others: readonly Connection[], session: Session): readonly Connection[] {
    // Whoever came in under `reject-new` has no others but what is left of itself.
    if (this.#policy === "single" || this.#policy === "reject-new") return others;
    const sameKind = (other: Connection) => other.session?.deviceKind === session.deviceKind;
    const replaced = this.#policy === "one-per-device-kind" ? others.filter(sameKind) : [];
    const excess = others.length - replaced.length + 1 - this.#maxDevicesPerUser;
    const rest = others.filter((other) => !replaced.includes(other));
    return [...replaced, ...leastWanted(rest, session).slice(0, Math.max(0, excess))];
  }
}

/** Those of the newcomer's own installation first, so that a ghost takes no other device's place; then the oldest. */
function leastWanted(others: readonly Connection[], session: Session): readonly Connection[] {
  const [own, foreign]: [Connection[], Connection[]] = [[], []];
  for (const other of others) (isSameInstallation(other, session) ? own : foreign).push(other);
  return [...own, ...foreign];
}

/** Of one user, so the same origin is the same installation. A legacy login is given an origin that nobody else has. */
function isSameInstallation(other: Connection, session: Session): boolean {
  return other.session?.origin === session.origin;
}

/** How a replaced connection is told. */
export const REPLACED = { code: CLOSE.replaced, text: "signed in on another device" } as const;
