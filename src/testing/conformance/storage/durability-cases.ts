import { assertEqual, assertMessage, assertThat, present } from "../assert.js";
import { freshOf, receiptOf } from "./outcomes.js";
import { readAll, readIds } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

/** What was answered is there: for every handle, at once, and after a restart. */
export const durabilityCases: StorageCases = (add) => {
  add("Q12: what a commit tells can be read by every handle once it has resolved", async (bench) => {
    const other = await bench.another();
    for (let round = 0; round < 20; round++) {
      const { message, deliveries } = freshOf(await bench.commitOne());
      for (const { userId, seq } of deliveries) {
        const item = present((await readAll(other, userId))[seq - 1], `${userId}'s item ${seq}`);
        assertMessage(item.message, message, `${userId}'s item ${seq}`);
      }
    }
  });

  add("Q5: inboxes, numbers and keys survive a restart", async (bench) => {
    const uplink = bench.uplink();
    const receipt = receiptOf((await bench.commit(uplink, bench.uplink()))[0]);
    const storage = await bench.restart();
    assertEqual((await readAll(storage, "bob")).length, 2, "number of bob's items");
    const { outcomes } = await storage.messages.commit([bench.uplink()]);
    assertEqual(receiptOf(outcomes[0]).senderSeq, 3, "seq of the next message");
    const again = await storage.messages.commit([uplink]);
    assertEqual(receiptOf(again.outcomes[0]), receipt, "receipt of the message stored before");
  });

  add("I1: nothing that was answered is missing after a restart", async (bench) => {
    const uplinks = Array.from({ length: 100 }, () => bench.uplink());
    await bench.commit(...uplinks);
    const stored = new Set(await readIds(await bench.restart(), "bob"));
    assertThat(
      uplinks.every((uplink) => stored.has(uplink.messageId)),
      "all 100 messages are there",
    );
  });
};
