import { describe, expect, it } from "vitest";
import type { UserId } from "../../../../src/core/model.js";
import { together } from "../../../../src/testing/conformance/storage/together.js";
import { Crowd, USERS } from "./crowd.js";
import { countDeadlocks, tell, UNHARMED_DATABASES } from "./databases.js";
import { forceRollbacks } from "./forced-rollbacks.js";
import { CLEAN } from "./ledger.js";
import { Load } from "./load.js";
import { Reader } from "./reader.js";
import { Stage, serverUrl } from "./stage.js";

const NODES = 4;
const COMMITTERS = 16;
const READERS = 16;
/** Pages read by all readers together; while working on something else one may want fewer. */
const POLLS = Number(process.env.SHYIM_TEST_POLLS ?? 200_000);
/** Of a row of an inbox: with those of a batch together it breaks off about 7 % of the transactions. */
const ROLLBACK_CHANCE = 0.0115;
/** Of the transactions, or the hunt proves nothing. */
const ENOUGH_ROLLBACKS = 0.05;
/** With fewer the share is chance. */
const ENOUGH_COMMITS = 500;
/** Messages brought once more at the end. */
const REPEATS = 1_000;

describe.each(UNHARMED_DATABASES)("a hunt for holes on %s", (service, client) => {
  const url = serverUrl(service);

  it.skipIf(url === "")(
    `I2, I4: ${COMMITTERS} committers on ${NODES} nodes, of whose transactions the database breaks off more than a twentieth, leave no hole to ${POLLS} polls`,
    async () => {
      const stage = await Stage.open(client, url, { nodes: NODES, crowd: new Crowd(4) });
      const countForced = await forceRollbacks(stage.knex, client, ROLLBACK_CHANCE);
      const deadlocks = await countDeadlocks(stage.knex, service);
      const load = new Load({ crowd: stage.crowd, nodes: stage.nodes, committers: COMMITTERS });
      const readers = openReaders(stage);
      await hunt(load, readers);

      const forced = await countForced();
      await load.ledger.repeat(stage.node(1), REPEATS, stage.crowd.random);
      const verdict = await load.ledger.judge(stage.node(0));
      const heads = (await stage.node(0).messages.readHeads(USERS)).heads;
      const undelivered = readers.reduce((sum, { cursor, userId }) => sum + (heads.get(userId) ?? 0) - cursor, 0);
      tell(`hole hunt on ${service}`, {
        commits: load.commits,
        ACKs: load.ledger.acked,
        polls: pollsOf(readers),
        "forced rollbacks": forced,
        "deadlocks of the server": (await countDeadlocks(stage.knex, service)) - deadlocks,
        holes: verdict.holes + readers.reduce((sum, { holes }) => sum + holes, 0),
        undelivered: undelivered + verdict.lost,
        duplicates: verdict.duplicates,
        "changed ACKs": verdict.changed,
        "surfaced errors": load.troubles,
      });
      expect(verdict).toEqual(CLEAN);
      expect(readers.map(({ holes, strayed }) => holes + strayed)).toEqual(readers.map(() => 0));
      expect(undelivered).toBe(0);
      expect(load.firstTrouble).toBe("");
      expect(load.troubles).toBe(0);
      const share = forced / (load.commits + forced);
      if (load.commits >= ENOUGH_COMMITS) expect(share).toBeGreaterThanOrEqual(ENOUGH_ROLLBACKS);
    },
    300_000,
  );
});

/** Four of each inbox, one at each node. */
function openReaders(stage: Stage): Reader[] {
  const seen = new Map(USERS.map((userId) => [userId, []]));
  return Array.from({ length: READERS }, (_, index) => {
    const userId = USERS[Math.floor(index / NODES) % USERS.length] as UserId;
    return new Reader(stage.node(index), userId, seen.get(userId) ?? []);
  });
}

const pollsOf = (readers: readonly Reader[]): number => readers.reduce((sum, { polls }) => sum + polls, 0);

/** Commits for as long as the readers need for their polls; they read on until nothing more comes. */
async function hunt(load: Load, readers: readonly Reader[]): Promise<void> {
  let isOver = false;
  const committing = load.run(() => isOver);
  const hasPolled = (): boolean => pollsOf(readers) >= POLLS;
  await together(readers.map((reader) => reader.follow(hasPolled)));
  isOver = true;
  await committing;
  await together(readers.map((reader) => reader.drain()));
}
