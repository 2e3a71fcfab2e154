import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../../e2e/stage.js";
import { Crowd } from "./crowd.js";
import { countDeadlocks, DATABASES, tell } from "./databases.js";
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

describe.each(DATABASES)("a storm of deadlocks on %s", (service, client) => {
  const url = serverUrl(service);

  it.skipIf(url === "")(
    "I1, I2: whoever locks heads and conversations the other way round, outside of the storage, costs time and nothing else",
    async () => {
      const stage = await Stage.open(client, url, { nodes: NODES, crowd: new Crowd(3) });
      const load = new Load({ crowd: stage.crowd, nodes: stage.nodes, committers: COMMITTERS });
      const before = await countDeadlocks(stage.knex, client);
      let deadlocks = 0;
      let isOver = false;
      onTestFinished(() => {
        isOver = true;
      });
      const committing = load.run(() => isOver);
      const [left, right] = [1, 2].map(() => lockBackwards(stage, load, () => isOver));
      while (deadlocks < DEADLOCKS || load.commits < COMMITS) {
        await Promise.race([sleep(LOOK_EVERY_MS), committing]);
        deadlocks = (await countDeadlocks(stage.knex, client)) - before;
      }
      isOver = true;
      const broken = ((await left) ?? 0) + ((await right) ?? 0);
      await committing;
      const verdict = await load.ledger.judge(stage.node(0));
      tell(`deadlock storm on ${service}`, {
        "deadlocks of the server": deadlocks,
        "of them at the outsiders": broken,
        commits: load.commits,
        ACKs: load.ledger.acked,
        "errors a committer saw": load.troublesByCode,
      });
      expect(verdict).toEqual(CLEAN);
    },
  );
});

/** Takes the heads, descending, and then the conversations, again and again. Resolves with how often it was broken off. */
async function lockBackwards({ knex }: Stage, load: Load, isOver: () => boolean): Promise<number> {
  let broken = 0;
  while (!isOver()) {
    const done = knex.transaction(async (trx) => {
      await trx("shyim_inbox_head").select("user_id").orderBy("user_id", "desc").forUpdate();
      await trx("shyim_conversation").select("id").orderBy("id", "desc").forUpdate();
    });
    await done.catch(() => broken++);
    const enough = load.commits + COMMITS_BETWEEN;
    await eventually(() => isOver() || load.commits >= enough, "the others have got something done");
  }
  return broken;
}
