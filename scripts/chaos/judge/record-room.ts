import { knexStorage } from "../../../src/adapters/knex/index.js";
import type { KnexStorage } from "../../../src/adapters/knex/knex-storage.js";
import type { Problem } from "../../../src/testing/simulation/history.js";
import type { Cast } from "../people/cast.js";
import { settleIn } from "../people/settle-in.js";
import { CountedHistory } from "../report/counted-history.js";
import { Climate } from "./climate.js";
import { readFinalState } from "./final-state.js";
import { HeadsWatcher } from "./heads-watcher.js";
import { judge, type Verdict } from "./judge.js";

/** Of the nodes of a site, ms. */
const HEARTBEAT_MS = 5_000;

/** Where everything that happens is written down, and judged in the end. */
export class RecordRoom {
  readonly history: CountedHistory;
  readonly storage: KnexStorage;
  readonly climate: Climate;
  readonly elapsed: () => number;
  readonly #cast: Cast;
  readonly #watcher: HeadsWatcher;

  private constructor(storage: KnexStorage, cast: Cast, history: CountedHistory, elapsed: () => number) {
    this.history = history;
    this.storage = storage;
    this.elapsed = elapsed;
    this.#cast = cast;
    this.climate = new Climate(history, () => storage.probe());
    this.#watcher = new HeadsWatcher(storage.messages, cast.userIds, history);
  }

  /** Makes the accounts and groups of a cast in the database, which has its tables already, and begins to write. */
  static async open(storageUrl: string, cast: Cast): Promise<RecordRoom> {
    const startedAt = performance.now();
    const elapsed = () => Math.round(performance.now() - startedAt);
    const storage = knexStorage({ client: "mysql2", connection: storageUrl, migrate: false, pool: { max: 3 } });
    await storage.start();
    const history = new CountedHistory(elapsed);
    try {
      await settleIn(storage, cast, history);
      return new RecordRoom(storage, cast, history, elapsed);
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  /** All is said and done. @param problems who is not where they should be */
  async judge(problems: readonly Problem[]): Promise<Verdict> {
    await this.#watcher.look();
    this.history.record({ kind: "quiet", problems });
    const { ownerId, userIds, fillerIds, groups } = this.#cast;
    const groupIds = groups.map(({ id }) => id);
    const final = await readFinalState(this.storage, [ownerId, ...userIds, ...fillerIds], groupIds);
    return judge(this.history.events, final, HEARTBEAT_MS);
  }

  async close(): Promise<void> {
    await this.climate.close();
    await this.#watcher.close();
    await this.storage.close();
  }
}
