import type { Connection } from "mysql2/promise";
import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import { withDatabase } from "./site-database.js";

const RIVALS = 3;
const USERS = 40;
/** Rows that one takes before it lets all go. */
const ROWS = 4;

/** Sessions that lock the places of inboxes in any order, and change nothing: they meet each other, and the nodes, in deadlocks. */
export class DeadlockStorm {
  readonly #work: Promise<unknown>;
  #isOver = false;

  private constructor(url: string, users: readonly string[], random: SeededRandom) {
    const rivals = Array.from({ length: RIVALS }, () => random.fork());
    const work = rivals.map((each) => withDatabase(url, (connection) => this.#rival(connection, users, each)));
    // One that loses its connection has done its part.
    this.#work = Promise.allSettled(work);
  }

  /** Rejects while the database does not serve. */
  static async begin(url: string, random: SeededRandom): Promise<DeadlockStorm> {
    const users = await withDatabase(url, async (connection) => {
      const [rows] = await connection.query(`SELECT user_id FROM shyim_inbox_head LIMIT ${USERS}`);
      return (rows as { readonly user_id: string }[]).map(({ user_id }) => user_id);
    });
    return new DeadlockStorm(url, users, random);
  }

  /** Resolves when no lock of it is left. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#work;
  }

  async #rival(connection: Connection, users: readonly string[], random: SeededRandom): Promise<void> {
    await connection.query("SET innodb_lock_wait_timeout = 1");
    while (!this.#isOver && users.length > 0) {
      await connection.query("BEGIN");
      await this.#takeSome(connection, users, random).catch(() => {});
      await connection.query("ROLLBACK");
    }
  }

  async #takeSome(connection: Connection, users: readonly string[], random: SeededRandom): Promise<void> {
    for (let count = 0; count < ROWS; count++) {
      await connection.execute("SELECT seq FROM shyim_inbox_head WHERE user_id = ? FOR UPDATE", [random.pick(users)]);
    }
  }
}
