import { CLOSE } from "../../core/close-codes.js";
import { ImError } from "../../core/errors.js";
import type { UserId } from "../../core/model.js";
import type { Cancel, Runtime } from "../../core/runtime.js";
import type { AuthOptions, OpenSession } from "../auth.js";
import type { Deadlines } from "../deadlines.js";
import type { Report } from "../report.js";
import type { Connection } from "./connection.js";
import type { Session } from "./session.js";
import type { ConnectionTable } from "./table.js";

/** So long a revocation that nobody told this node stays unnoticed at most, ms. */
const EVERY_MS = 60_000;
/** Sessions asked about in one call. */
const BATCH = 500;

/** What asking again needs. */
export interface RecheckServices {
  readonly auth: AuthOptions;
  readonly table: ConnectionTable;
  readonly runtime: Runtime;
  readonly deadlines: Deadlines;
  readonly report: Report;
}

/**
 * Asks whether the tokens of open sessions still stand, and ends those that do not: all of them once a minute, and those of one user
 * at once when somebody tells that their tokens may have been revoked.
 */
export class Recheck {
  readonly #services: RecheckServices;
  #cancel: Cancel | null = null;
  #isStopped = true;
  /** Whose sessions are to be asked about at once; each of them is connected here. */
  readonly #told = new Set<UserId>();
  #isAsking = false;

  constructor(services: RecheckServices) {
    this.#services = services;
  }

  start(): void {
    if (this.#services.auth.recheck === undefined) return;
    this.#isStopped = false;
    this.#next();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  /** The tokens of a user may have been revoked: asks about their sessions at once. Nobody waits for it. */
  user(userId: UserId): void {
    const { table, runtime } = this.#services;
    if (this.#isStopped || table.ofUser(userId).size === 0) return;
    this.#told.add(userId);
    if (this.#isAsking) return;
    this.#isAsking = true;
    // Whoever ends all sessions of the user in this turn ends them for a reason of their own.
    runtime.endOfTurn(() => void this.#askTold());
  }

  /** Asks about one session. Errors: `unauthenticated` when it does not stand; `busy` when nobody can tell just now. */
  async assertStands(session: Session): Promise<void> {
    const { auth, deadlines } = this.#services;
    if (auth.recheck === undefined) return;
    const ask = () => auth.recheck?.([openSessionOf(session)]) ?? [];
    const [stands] = await deadlines.within("auth.recheck", ask).catch((cause: unknown) => {
      throw new ImError("busy", { cause });
    });
    if (stands === false) throw new ImError("unauthenticated");
  }

  #next(): void {
    if (!this.#isStopped) this.#cancel = this.#services.runtime.setTimer(EVERY_MS, () => void this.#round());
  }

  async #round(): Promise<void> {
    await this.#askAll(this.#services.table.users());
    this.#next();
  }

  /** Who is told of while the answer is on its way is asked about again: it may be from before the revocation. */
  async #askTold(): Promise<void> {
    while (this.#told.size > 0) {
      const userIds = [...this.#told];
      this.#told.clear();
      await this.#askAll(userIds);
    }
    this.#isAsking = false;
  }

  async #askAll(userIds: readonly UserId[]): Promise<void> {
    const { table, report } = this.#services;
    const connections = userIds.flatMap((userId) => [...table.ofUser(userId)]);
    for (let from = 0; from < connections.length && !this.#isStopped; from += BATCH) {
      // One batch that cannot be answered must not keep the others from being asked about.
      await this.#ask(connections.slice(from, from + BATCH)).catch((error) => {
        if (!this.#isStopped) report("recheck", error);
      });
    }
  }

  async #ask(connections: readonly Connection[]): Promise<void> {
    const { auth, deadlines } = this.#services;
    const sessions = connections.map(sessionOf);
    const answers = await deadlines.within("auth.recheck", () => auth.recheck?.(sessions) ?? []);
    for (const [index, connection] of connections.entries()) {
      // Who brought a fresh token meanwhile was asked about with the old one, and is asked about again.
      const isSame = connection.session?.issuedAt === sessions[index]?.issuedAt;
      if (answers[index] !== false) continue;
      if (isSame) connection.end(CLOSE.unauthenticated, "revoked");
      else if (connection.session !== null) this.user(connection.session.userId);
    }
  }
}

function sessionOf({ session }: Connection): OpenSession {
  return openSessionOf(session ?? { userId: "", issuedAt: undefined });
}

function openSessionOf({ userId, issuedAt }: Pick<Session, "userId" | "issuedAt">): OpenSession {
  return issuedAt === undefined ? { userId } : { userId, issuedAt };
}
