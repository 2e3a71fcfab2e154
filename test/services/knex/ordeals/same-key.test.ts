import { describe, expect, it } from "vitest";
import type { Outcome, Storage, Uplink } from "../../../../src/adapters/contracts/index.js";
import { commitAll } from "../../../../src/testing/conformance/storage/commit-all.js";
import type { SeededRandom } from "../../../../src/testing/fakes/random.js";
import { Crowd } from "./crowd.js";
import { tell, UNHARMED_DATABASES } from "./databases.js";
import { CLEAN, Ledger } from "./ledger.js";
import { Stage, serverUrl } from "./stage.js";

const NODES = 3;
const ROUNDS = 150;
/** Keys of a round, which every node brings. */
const KEYS = 6;

describe.each(UNHARMED_DATABASES)("the same keys at several nodes of %s at once", (service, client) => {
  const url = serverUrl(service);

  it.skipIf(url === "")(
    `I2: ${KEYS} keys brought by ${NODES} nodes at once, by each in another order and at another time, are one message each with one receipt, ${ROUNDS} times`,
    async () => {
      const crowd = new Crowd(2);
      const stage = await Stage.open(client, url, { nodes: NODES, crowd });
      const ledger = new Ledger();
      const told: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const keys = crowd.batch(KEYS);
        const answers = stage.nodes.map((node, index) => bring(node, copyOf(keys, index, crowd.random), ledger));
        told.push((await Promise.all(answers)).reduce((sum, fresh) => sum + fresh, 0));
      }
      const verdict = await ledger.judge(stage.node(0));
      tell(`same keys on ${service}`, {
        keys: ledger.acked,
        "answers that told it anew": told.reduce((a, b) => a + b),
      });
      expect(verdict).toEqual(CLEAN);
      expect(told).toEqual(told.map(() => KEYS));
    },
  );
});

/** The same messages as they arrive at another node: later, and in another order. */
function copyOf(batch: readonly Uplink[], node: number, random: SeededRandom): Uplink[] {
  const copies = batch.map((uplink) => ({ ...uplink, serverTime: uplink.serverTime + node * 500 }));
  return copies
    .map((uplink) => ({ uplink, place: random.unit() }))
    .sort((a, b) => a.place - b.place)
    .map(({ uplink }) => uplink);
}

/** Resolves with how many of the batch this commit has stored. */
async function bring(node: Storage, batch: readonly Uplink[], ledger: Ledger): Promise<number> {
  const outcomes = await commitAll(node, batch);
  for (const [index, outcome] of outcomes.entries()) ledger.note(batch[index] as Uplink, outcome);
  return outcomes.filter(isFresh).length;
}

const isFresh = (outcome: Outcome): boolean => outcome.kind === "stored" && outcome.fresh !== null;
