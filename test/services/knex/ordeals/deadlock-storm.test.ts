import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../../e2e/stage.js";
import { Crowd } from "./crowd.js";
import { countDeadlocks, isDeadlock, tell, UNHARMED_DATABASES } from "./databases.js";
import { CLEAN } from "./ledger.js";
import { Load } from "./load.js";
import { Stage, serverUrl } from "./stage.js";

const NODES = 4;
const COMMITTERS = 8;
/** Of the server's own count, or the storm was none. */
const DEADLOCKS = 5;
const COMMITS = 40;
/** Commits before the next attack: the others shall get something done, too. */
const COMMITS_BETWEEN = 5;
const LOOK_EVERY_MS = 50;

describe.each(UNHARMED_DATABASES)("a storm of deadlocks on %s", (service, client) => {
  const url = serverUrl(service);

  it.skipIf(url === "")(
    "I1, I2: whoever locks heads and conversations the other way round, outside of the storage, costs time and nothing else",
    async () => {
      const stage = await Stage.open(client, url, { nodes: NODES, crowd: new Crowd(3) });
      const load = new Load({ crowd: stage.crowd, nodes: stage.nodes, committers: COMMITTERS });
      const before = await countDeadlocks(stage.knex, service);
      let deadlocks = 0;
      let isOver = false;
      onTestFinished(() => {
        isOver = true;
      });
      const committing = load.run(() => isOver);
      const outsiders = [1, 2].map(() => new Outsider(stage, load));
      const attacks = outsiders.map((outsider) => outsider.attack(() => isOver));
      const broken = (): number => outsiders.reduce((sum, outsider) => sum + outsider.broken, 0);
      // MySQL and MariaDB count those of other tests as well: some have to be met here.
      while (deadlocks < DEADLOCKS || broken() === 0 || load.commits < COMMITS) {
        await Promise.race([sleep(LOOK_EVERY_MS), committing]);
        deadlocks = (await countDeadlocks(stage.knex, service)) - before;
      }
      isOver = true;
      await Promise.all(attacks);
      await committing;
      const verdict = await load.ledger.judge(stage.node(0));
      tell(`deadlock storm on ${service}`, {
        "deadlocks of the server": deadlocks,
        "of them at the outsiders": broken(),
        commits: load.commits,
        ACKs: load.ledger.acked,
        "errors a committer saw": load.troublesByCode,
      });
      expect(verdict).toEqual(CLEAN);
      expect(broken()).toBeGreaterThan(0);
    },
  );
});

/** Takes the heads, descending, and then the conversations, again and again. */
class Outsider {
  readonly #stage: Stage;
  readonly #load: Load;
  #broken = 0;

  constructor(stage: Stage, load: Load) {
    this.#stage = stage;
    this.#load = load;
  }

  /** How often the server has ended a deadlock with it. */
  get broken(): number {
    return this.#broken;
  }

  async attack(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.#lockBackwards().catch((error: unknown) => {
        if (isDeadlock(error)) this.#broken++;
      });
      const enough = this.#load.commits + COMMITS_BETWEEN;
      await eventually(() => isOver() || this.#load.commits >= enough, "the others have got something done");
    }
  }

  #lockBackwards(): Promise<void> {
    return this.#stage.knex.transaction(async (trx) => {
      await trx("shyim_inbox_head").select("user_id").orderBy("user_id", "desc").forUpdate();
      await trx("shyim_conversation").select("id").orderBy("id", "desc").forUpdate();
    });
  }
}
