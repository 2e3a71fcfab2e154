import { CLOSE } from "../../core/close-codes.js";
import { ImError } from "../../core/errors.js";
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

/** Asks once a minute whether the tokens of open sessions still stand, and ends those that do not. */
export class Recheck {
  readonly #services: RecheckServices;
  #cancel: Cancel | null = null;
  #isStopped = true;

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
    const { table, report } = this.#services;
    const connections = table.users().flatMap((userId) => [...table.ofUser(userId)]);
    for (let from = 0; from < connections.length && !this.#isStopped; from += BATCH) {
      // One batch that cannot be answered must not keep the others from being asked about.
      await this.#ask(connections.slice(from, from + BATCH)).catch((error) => {
        if (!this.#isStopped) report("recheck", error);
      });
    }
    this.#next();
  }

  async #ask(connections: readonly Connection[]): Promise<void> {
    const { auth, deadlines } = this.#services;
    const sessions = connections.map(sessionOf);
    const answers = await deadlines.within("auth.recheck", () => auth.recheck?.(sessions) ?? []);
    for (const [index, connection] of connections.entries()) {
      // Who brought a fresh token meanwhile was asked about with the old one.
      const isSame = connection.session?.issuedAt === sessions[index]?.issuedAt;
      if (answers[index] === false && isSame) connection.end(CLOSE.unauthenticated, "revoked");
    }
  }
}

function sessionOf({ session }: Connection): OpenSession {
  return openSessionOf(session ?? { userId: "", issuedAt: undefined });
}

function openSessionOf({ userId, issuedAt }: Pick<Session, "userId" | "issuedAt">): OpenSession {
  return issuedAt === undefined ? { userId } : { userId, issuedAt };
}
