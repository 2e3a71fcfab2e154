import type { Storage, Uplink } from "../../../adapters/contracts/index.js";
import { assertEqual } from "../assert.js";
import { receiptOf } from "./outcomes.js";
import { readIds } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";

/** Two committers bring the same message at the same time: one message, equal answers, no error. */
export const sameKeyCases: StorageCases = (add) => {
  add("I2, U5: two committers with the same key store one message and give equal receipts", async (bench) => {
    const [one, other] = (await bench.workers(2)) as [Storage, Storage];
    const keys: string[] = [];
    for (let round = 0; round < bench.effort.sameKeyRounds; round++) {
      const uplink = bench.uplink();
      keys.push(uplink.messageId);
      await race(one, [uplink], other, [{ ...uplink, serverTime: uplink.serverTime + 500 }], uplink);
    }
    assertEqual(await readIds(bench.storage, "bob"), keys, "bob's inbox");
    assertEqual(await readIds(bench.storage, "ann"), keys, "ann's inbox");
  });

  add("I2: two committers with one key in common and others around it lose and double nothing", async (bench) => {
    const [one, other] = (await bench.workers(2)) as [Storage, Storage];
    const keys = new Set<string>();
    for (let round = 0; round < bench.effort.sameKeyRounds / 10; round++) {
      const [before, uplink, after] = chatter(bench);
      for (const each of [before, uplink, after]) keys.add(each.messageId);
      await race(one, [before, uplink], other, [uplink, after], uplink);
    }
    assertEqual(new Set(await readIds(bench.storage, "bob")), keys, "what is in bob's inbox");
    assertEqual(await bench.head("bob"), keys.size, "bob's head");
  });
};

function chatter(bench: StorageBench): [Uplink, Uplink, Uplink] {
  return [bench.uplink({ senderId: "cid" }), bench.uplink(), bench.uplink({ senderId: "dan" })];
}

/** Commits both batches at once and compares what is said about `shared`, which both contain. */
async function race(
  one: Storage,
  first: readonly Uplink[],
  other: Storage,
  second: readonly Uplink[],
  shared: Uplink,
): Promise<void> {
  const results = await Promise.all([one.messages.commit(first), other.messages.commit(second)]);
  const outcomes = results.map(({ outcomes }, index) => {
    const batch = index === 0 ? first : second;
    assertEqual(outcomes.length, batch.length, "number of outcomes of a batch far below the limits");
    return outcomes[batch.findIndex((uplink) => uplink.messageId === shared.messageId)];
  });
  assertEqual(receiptOf(outcomes[0]), receiptOf(outcomes[1]), "receipts of the same key");
  const told = outcomes.filter((outcome) => outcome?.kind === "stored" && outcome.fresh !== null);
  assertEqual(told.length, 1, "number of commits that say they stored it");
}
