import { assertEqual } from "../assert.js";
import { kindsOf, receiptOf } from "./outcomes.js";
import { readIds } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

/** An uplink that names a predecessor is stored after it or not at all. */
export const predecessorCases: StorageCases = (add) => {
  add("I8: an uplink whose predecessor is not stored is out of order and leaves nothing", async (bench) => {
    const first = bench.uplink();
    const second = bench.uplink({ afterId: first.messageId });
    assertEqual(kindsOf(await bench.commit(second)), ["out_of_order"], "outcome");
    const { heads } = await bench.storage.messages.readHeads(["ann", "bob"]);
    assertEqual([...heads], [], "heads");
    assertEqual(kindsOf(await bench.commit(first, second)), ["stored", "stored"], "outcomes once both come");
    assertEqual(await readIds(bench.storage, "bob"), [first.messageId, second.messageId], "bob's inbox");
  });

  add("I8: a predecessor may have been stored by an earlier batch, also through another handle", async (bench) => {
    const first = bench.uplink();
    await (await bench.another()).messages.commit([first]);
    assertEqual((await bench.commitOne({ afterId: first.messageId })).kind, "stored", "outcome");
  });

  add("I8: a predecessor may have been accepted earlier in the same batch", async (bench) => {
    const first = bench.uplink();
    const second = bench.uplink({ afterId: first.messageId });
    const third = bench.uplink({ afterId: second.messageId });
    assertEqual(kindsOf(await bench.commit(first, second, third)), ["stored", "stored", "stored"], "outcomes");
  });

  add("I8: a predecessor that comes later in the same batch does not count", async (bench) => {
    const first = bench.uplink();
    const second = bench.uplink({ afterId: first.messageId });
    assertEqual(kindsOf(await bench.commit(second, first)), ["out_of_order", "stored"], "outcomes");
    assertEqual(await readIds(bench.storage, "bob"), [first.messageId], "bob's inbox");
  });

  add("I8: a predecessor refused earlier in the batch does not count", async (bench) => {
    const first = bench.uplink({ refuse: "blocked" });
    const second = bench.uplink({ afterId: first.messageId });
    const third = bench.uplink({ afterId: second.messageId });
    const outcomes = await bench.commit(first, second, third);
    assertEqual(kindsOf(outcomes), ["refused", "out_of_order", "out_of_order"], "outcomes");
  });

  add("I8: a predecessor refused by an earlier batch does not count", async (bench) => {
    const first = bench.uplink({ refuse: "blocked" });
    await bench.commit(first);
    const second = bench.uplink({ afterId: first.messageId });
    assertEqual(kindsOf(await bench.commit(second)), ["out_of_order"], "outcome while it names the refused one");
    assertEqual(kindsOf(await bench.commit({ ...second, afterId: null })), ["stored"], "outcome without it");
  });

  add("I8: an uplink that was out of order is judged anew by the next batch", async (bench) => {
    const [first, other] = [bench.uplink(), bench.uplink()];
    const second = bench.uplink({ afterId: first.messageId });
    for (let copy = 0; copy < 3; copy++) await bench.commit(second, other);
    await bench.commit(first);
    assertEqual(receiptOf((await bench.commit(second))[0]).conversationSeq, 3, "position");
  });

  add("I2: a stored key is answered whatever predecessor its copy names", async (bench) => {
    const uplink = bench.uplink();
    await bench.commit(uplink);
    const copy = { ...uplink, afterId: bench.uplink().messageId };
    assertEqual(kindsOf(await bench.commit(copy)), ["stored"], "outcome");
  });
};
