import { encodeText } from "../../../core/bytes.js";
import { assertEqual, assertMessage } from "../assert.js";
import { removeMember } from "./membership.js";
import { assertRepeat, freshOf, kindsOf, receiptOf } from "./outcomes.js";
import { readIds, readOnly } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

/** One key, one message, one answer. */
export const repeatCases: StorageCases = (add) => {
  add("I2, U4: a known key is answered with the receipt of the message that is stored", async (bench) => {
    const uplink = bench.uplink();
    const receipt = receiptOf((await bench.commit(uplink))[0]);
    await bench.commit(bench.uplink(), bench.uplink());
    for (let copy = 0; copy < 3; copy++) assertRepeat((await bench.commit(uplink))[0], receipt);
    assertEqual(await bench.head("bob"), 3, "bob's head");
  });

  add("I2: a later copy that differs changes neither the message nor its answer", async (bench) => {
    const uplink = bench.uplink();
    const { receipt, message } = freshOf((await bench.commit(uplink))[0]);
    const copy = { ...uplink, content: encodeText("changed"), serverTime: uplink.serverTime + 60_000, type: 2 };
    assertRepeat((await bench.commit(copy))[0], receipt);
    assertMessage(await readOnly(bench.storage, "bob"), message, "the message stored");
  });

  add("I2, U5: a key is known to every handle and after a restart", async (bench) => {
    const uplink = bench.uplink();
    const receipt = receiptOf((await bench.commit(uplink))[0]);
    assertRepeat((await (await bench.another()).messages.commit([uplink])).outcomes[0], receipt);
    assertRepeat((await (await bench.restart()).messages.commit([uplink])).outcomes[0], receipt);
  });

  add("I2: repeats inside one batch become one message, told to its recipients once", async (bench) => {
    const [one, two] = [bench.uplink(), bench.uplink()];
    const outcomes = await bench.commit(one, two, one, { ...two, serverTime: two.serverTime + 9 }, one);
    const receipts = outcomes.map(receiptOf);
    assertEqual(receipts, [receipts[0], receipts[1], receipts[0], receipts[1], receipts[0]], "receipts");
    for (const index of [2, 3, 4]) assertRepeat(outcomes[index], receiptOf(outcomes[index]));
    assertEqual(await readIds(bench.storage, "bob"), [one.messageId, two.messageId], "bob's inbox");
  });

  add("I2: a refused uplink repeated inside one batch is refused each time", async (bench) => {
    const uplink = bench.uplink({ refuse: "blocked" });
    const outcomes = await bench.commit(uplink, { ...uplink, refuse: null }, uplink);
    assertEqual<unknown>(outcomes, Array(3).fill({ kind: "refused", code: "blocked" }), "outcomes");
    assertEqual(await bench.head("bob"), 0, "bob's head");
  });

  add("Q7, K5: a batch that is brought again stores nothing new", async (bench) => {
    const target = await bench.group(["bob", "cid"]);
    const batch = Array.from({ length: 20 }, (_, index) => bench.uplink(index % 2 === 0 ? { target } : {}));
    const first = await bench.commit(...batch);
    const again = await bench.commit(...batch);
    assertEqual(again.map(receiptOf), first.map(receiptOf), "receipts");
    const heads = [await bench.head("ann"), await bench.head("bob"), await bench.head("cid")];
    assertEqual(heads, [20, 20, 10], "heads of ann, bob and cid");
  });

  add("I2: a batch of which the first half is known stores the second half", async (bench) => {
    const batch = Array.from({ length: 10 }, () => bench.uplink());
    await bench.commit(...batch.slice(0, 5));
    const outcomes = await bench.commit(...batch);
    assertEqual(kindsOf(outcomes), Array(10).fill("stored"), "outcomes");
    assertEqual(
      await readIds(bench.storage, "bob"),
      batch.map((uplink) => uplink.messageId),
      "bob's inbox",
    );
  });

  add("I2: a stored key stays stored for a sender who may no longer send", async (bench) => {
    const target = await bench.group(["bob"]);
    const uplink = bench.uplink({ senderId: "bob", target });
    const receipt = receiptOf((await bench.commit(uplink))[0]);
    await removeMember(bench.storage.groups, target.id, "bob");
    assertRepeat((await bench.commit({ ...uplink, refuse: "blocked" }))[0], receipt);
  });
};
