import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { eventually } from "../../../e2e/stage.js";
import { Crowd } from "./crowd.js";
import { tell } from "./databases.js";
import { CLEAN } from "./ledger.js";
import { Load } from "./load.js";
import { describeOnPrivate } from "./private-stage.js";
import { Stage } from "./stage.js";

const NODES = 3;
const COMMITTERS = 8;
/** The length of the pause is what this is about. */
const PAUSE_MS = 10_000;
/** A server gives an answer up after so long and brings the batch again, beside the one that hangs. */
const PATIENCE_MS = 3_000;
const RECOVERY_MS = 5_000;
const REPEATS = 500;

describeOnPrivate("a pause of", [23319, 25445], ({ service, client, open }) => {
  it(`I1, I2: ${PAUSE_MS / 1000} s in the middle of everything lose, double and change nothing that was ACKed`, async () => {
    const database = await open();
    const crowd = new Crowd(7);
    const stage = await Stage.open(client, database.url, { nodes: NODES, crowd });
    const load = new Load({ crowd, nodes: stage.nodes, committers: COMMITTERS, patienceMs: PATIENCE_MS });
    let isOver = false;
    const committing = load.run(() => isOver);
    await Promise.race([eventually(() => load.commits >= 50, "there is a load"), committing]);
    const before = load.commits;
    database.stop();
    await sleep(PAUSE_MS);
    const meanwhile = load.commits - before;
    database.continue();
    const recovery = await load.allAnswered();
    isOver = true;
    await committing;

    await load.ledger.repeat(stage.node(1), REPEATS, crowd.random);
    const verdict = await load.ledger.judge(stage.node(0));
    tell(`pause of ${service}`, {
      commits: load.commits,
      ACKs: load.ledger.acked,
      "found by key": load.foundByKey,
      "errors a committer saw": load.troublesByCode,
      "ms until the last committer went on": recovery,
    });
    expect(verdict).toEqual(CLEAN);
    // What had been answered before the pause may be heard in it.
    expect(meanwhile).toBeLessThanOrEqual(COMMITTERS);
    expect(load.troubles).toBeGreaterThanOrEqual(COMMITTERS);
    expect(recovery).toBeLessThan(RECOVERY_MS);
  });
});
