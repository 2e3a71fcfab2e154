import { assertEqual, assertThat } from "../assert.js";
import { assertRepeat, kindsOf, receiptOf } from "./outcomes.js";
import { readIds, readPage } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";

/** The name of the history, and what happens when it was rolled back. */
export const epochCases: StorageCases = (add) => {
  add("I18: every answer names the same epoch, to every handle and after a restart", async (bench) => {
    const syncEpoch = await epochOf(bench);
    assertThat(syncEpoch !== "", "an epoch has a name");
    assertEqual((await bench.storage.messages.commit([bench.uplink()])).syncEpoch, syncEpoch, "epoch of a commit");
    assertEqual((await bench.storage.messages.readHeads(["bob"])).syncEpoch, syncEpoch, "epoch of heads");
    assertEqual((await readPage(await bench.another(), "bob", 0)).syncEpoch, syncEpoch, "epoch of a page");
    assertEqual((await readPage(await bench.restart(), "bob", 0)).syncEpoch, syncEpoch, "epoch after a restart");
  });

  add("I18: an uplink of another epoch is not judged and leaves nothing", async (bench) => {
    const uplink = bench.uplink({ syncEpoch: "another", refuse: "blocked" });
    assertEqual(kindsOf(await bench.commit(uplink)), ["stale"], "outcome");
    const { heads } = await bench.storage.messages.readHeads(["ann", "bob"]);
    assertEqual([...heads], [], "heads");
    const judged = { ...uplink, syncEpoch: await epochOf(bench), refuse: null };
    assertEqual(kindsOf(await bench.commit(judged)), ["stored"], "outcome of a copy of the right epoch");
  });

  add("I18: the epoch is looked at before the key", async (bench) => {
    const uplink = bench.uplink();
    await bench.commit(uplink);
    assertEqual(kindsOf(await bench.commit({ ...uplink, syncEpoch: "another" })), ["stale"], "outcome");
  });

  add("I18: an uplink without an epoch and one of the right epoch are judged", async (bench) => {
    const syncEpoch = await epochOf(bench);
    const outcomes = await bench.commit(bench.uplink({ syncEpoch: null }), bench.uplink({ syncEpoch }));
    assertEqual(kindsOf(outcomes), ["stored", "stored"], "outcomes");
  });

  add("I18: a stale copy spoils nothing for a copy of the right epoch in the same batch", async (bench) => {
    const uplink = bench.uplink();
    const outcomes = await bench.commit({ ...uplink, syncEpoch: "another" }, uplink);
    assertEqual(kindsOf(outcomes), ["stale", "stored"], "outcomes");
  });

  add("I18: a stale uplink is nobody's predecessor", async (bench) => {
    const first = bench.uplink({ syncEpoch: "another" });
    const second = bench.uplink({ afterId: first.messageId });
    assertEqual(kindsOf(await bench.commit(first, second)), ["stale", "out_of_order"], "outcomes");
  });

  add("I18: a mark as restored gives an epoch that was never there, known to every handle", async (bench) => {
    const other = await bench.another();
    const epochs = [await epochOf(bench)];
    for (let restore = 0; restore < 3; restore++) {
      const syncEpoch = await bench.storage.markRestored();
      assertThat(!epochs.includes(syncEpoch), `the epoch ${syncEpoch} is new`);
      epochs.push(syncEpoch);
      assertEqual((await readPage(other, "bob", 0)).syncEpoch, syncEpoch, "epoch of a page read by another handle");
      const { outcomes } = await other.messages.commit([bench.uplink({ syncEpoch: epochs.at(-2) ?? null })]);
      assertEqual(kindsOf(outcomes), ["stale"], "outcome of an uplink of the epoch before, through another handle");
    }
  });

  add("I18: a mark as restored sets the base of every inbox to its head, and the numbers go on", async (bench) => {
    const uplink = bench.uplink();
    const receipt = receiptOf((await bench.commit(uplink, bench.uplink()))[0]);
    assertEqual(await baseAndHead(bench, "bob"), [0, 2], "base and head before");
    await bench.storage.markRestored();
    assertEqual(await baseAndHead(bench, "bob"), [2, 2], "base and head of the receiver");
    assertEqual(await baseAndHead(bench, "ann"), [2, 2], "base and head of the sender");
    await bench.commit(bench.uplink(), bench.uplink({ to: "new" }));
    assertEqual(await baseAndHead(bench, "bob"), [2, 3], "base and head after another message");
    assertEqual(await baseAndHead(bench, "new"), [0, 1], "base and head of an inbox made afterwards");
    assertRepeat((await bench.commit(uplink))[0], receipt);
  });

  add("I18: a second mark as restored raises no base: a client may come from before the first", async (bench) => {
    await bench.commit(bench.uplink(), bench.uplink());
    await bench.storage.markRestored();
    await bench.commit(bench.uplink(), bench.uplink({ to: "new" }));
    await bench.storage.markRestored();
    assertEqual(await baseAndHead(bench, "bob"), [2, 3], "base and head of an old inbox");
    assertEqual(await baseAndHead(bench, "new"), [0, 1], "base and head of an inbox made in between");
  });

  add("I18: a mark as restored keeps messages, refusals and groups", async (bench) => {
    const target = await bench.group(["bob"]);
    const [kept, refused] = [bench.uplink({ target }), bench.uplink({ refuse: "blocked" })];
    await bench.commit(kept, refused);
    await bench.storage.markRestored();
    assertEqual(await readIds(bench.storage, "bob"), [kept.messageId], "bob's inbox");
    assertEqual(kindsOf(await bench.commit({ ...refused, refuse: null })), ["refused"], "outcome of a late copy");
    assertEqual(receiptOf(await bench.commitOne({ target })).conversationSeq, 2, "position of the next message");
  });
};

async function epochOf(bench: StorageBench): Promise<string> {
  return (await bench.storage.messages.readHeads([])).syncEpoch;
}

async function baseAndHead(bench: StorageBench, userId: string): Promise<[number, number]> {
  const { baseSeq, headSeq } = await readPage(bench.storage, userId, 0);
  return [baseSeq, headSeq];
}
