import { expect, it } from "vitest";
import type { PrivateService } from "../../../../scripts/services/private-service.js";
import { eventually } from "../../../e2e/stage.js";
import { Crowd } from "./crowd.js";
import { tell } from "./databases.js";
import { CLEAN } from "./ledger.js";
import { Load } from "./load.js";
import { describeOnPrivate } from "./private-stage.js";
import { Stage } from "./stage.js";

const NODES = 3;
const COMMITTERS = 8;
const KILLS = 5;
/** After the database is up again every committer has its next answer within this. */
const RECOVERY_MS = 5_000;
/** Messages brought once more at the end. */
const REPEATS = 500;

describeOnPrivate("kill -9 of", [23316, 25442], ({ service, client, open }) => {
  it(`I1, I2: ${KILLS} times, under ${COMMITTERS} committers, loses, doubles and changes nothing that was ACKed`, async () => {
    const database = await open();
    const crowd = new Crowd(9);
    const stage = await Stage.open(client, database.url, { nodes: NODES, crowd });
    const load = new Load({ crowd, nodes: stage.nodes, committers: COMMITTERS });
    const recoveries = await killUnder(load, database, crowd);
    await load.ledger.repeat(stage.node(1), REPEATS, crowd.random);
    const verdict = await load.ledger.judge(stage.node(0));
    tell(`kill -9 of ${service}`, {
      kills: recoveries.length,
      commits: load.commits,
      ACKs: load.ledger.acked,
      "found by key": load.foundByKey,
      "errors a committer saw": load.troublesByCode,
      "ms until the last committer went on, at most": Math.max(...recoveries),
    });
    expect(verdict).toEqual(CLEAN);
    expect(load.troubles).toBeGreaterThanOrEqual(KILLS);
    expect(Math.max(...recoveries)).toBeLessThan(RECOVERY_MS);
  });
});

/** Kills and starts it again and again while everybody commits. Gives how long it took them to go on after each start, ms. */
async function killUnder(load: Load, database: PrivateService, { random }: Crowd): Promise<number[]> {
  let isOver = false;
  const recoveries: number[] = [];
  const committing = load.run(() => isOver);
  for (let kill = 0; kill < KILLS; kill++) {
    const enough = load.commits + random.between(20, 60);
    await Promise.race([eventually(() => load.commits >= enough, "there is a load"), committing]);
    await database.kill();
    await database.start();
    recoveries.push(await load.allAnswered());
  }
  isOver = true;
  await committing;
  return recoveries;
}
