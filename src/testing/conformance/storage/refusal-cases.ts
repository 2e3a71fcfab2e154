import { assertEqual } from "../assert.js";
import { addMembers } from "./membership.js";
import { assertRefused, kindsOf, receiptOf } from "./outcomes.js";
import { readIds } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";

/** A refusal is final and leaves nothing but the memory of itself. */
export const refusalCases: StorageCases = (add) => {
  add("I10, U9: a message of somebody who is no member is refused and leaves nothing", async (bench) => {
    const target = await bench.group(["bob"]);
    assertRefused(await bench.commitOne({ senderId: "eve", target }), "not_member");
    await assertUntouched(bench, ["ann", "bob", "eve"]);
    const next = receiptOf(await bench.commitOne({ target }));
    assertEqual([next.senderSeq, next.conversationSeq], [1, 1], "numbers of the next message");
  });

  add("I10: a message to a group that does not exist is refused as if one were no member", async (bench) => {
    const target = { kind: "group", id: "nowhere" } as const;
    assertRefused(await bench.commitOne({ target }), "not_member");
    assertRefused(await bench.commitOne({ senderId: null, target }), "not_member");
    await assertUntouched(bench, ["ann", "nowhere"]);
  });

  add("I10: a verdict that came with the uplink refuses it with its code", async (bench) => {
    assertRefused(await bench.commitOne({ refuse: "blocked" }), "blocked");
    assertRefused(await bench.commitOne({ refuse: "not_found", senderId: null }), "not_found");
    await assertUntouched(bench, ["ann", "bob"]);
  });

  add("I10: a late copy is refused although its sender has become a member", async (bench) => {
    const target = await bench.group(["bob"]);
    const uplink = bench.uplink({ senderId: "eve", target });
    assertRefused((await bench.commit(uplink))[0], "not_member");
    await addMembers(bench.storage.groups, target.id, ["eve"], 10);
    assertRefused((await bench.commit(uplink))[0], "not_member");
    assertRefused((await (await bench.another()).messages.commit([uplink])).outcomes[0], "not_member");
    await assertUntouched(bench, ["ann", "bob", "eve"]);
    assertEqual((await bench.commitOne({ senderId: "eve", target })).kind, "stored", "a new message of eve's");
  });

  add("I10: a late copy is refused although the server's clock has jumped a year ahead", async (bench) => {
    const uplink = bench.uplink({ refuse: "blocked" });
    const later = uplink.serverTime + 365 * 24 * 60 * 60 * 1000;
    await bench.commit(uplink);
    await bench.commit(bench.uplink({ refuse: "blocked", serverTime: later }));
    await bench.commit(bench.uplink({ serverTime: later }));
    assertRefused((await bench.commit({ ...uplink, refuse: null, serverTime: later }))[0], "blocked");
    assertRefused((await bench.commit({ ...uplink, refuse: null }))[0], "blocked");
  });

  add("I10: a late copy is refused although the verdict has changed", async (bench) => {
    const uplink = bench.uplink({ refuse: "blocked" });
    await bench.commit(uplink);
    assertRefused((await bench.commit({ ...uplink, refuse: null }))[0], "blocked");
    assertRefused((await bench.commit({ ...uplink, refuse: "forbidden" }))[0], "blocked");
    await assertUntouched(bench, ["ann", "bob"]);
  });

  add("I10: a refusal is remembered over a restart", async (bench) => {
    const uplink = bench.uplink({ refuse: "blocked" });
    await bench.commit(uplink);
    const { outcomes } = await (await bench.restart()).messages.commit([{ ...uplink, refuse: null }]);
    assertRefused(outcomes[0], "blocked");
  });

  add("K8: refused uplinks in a batch leave the others alone", async (bench) => {
    const target = await bench.group(["bob"]);
    const good = [bench.uplink(), bench.uplink({ target }), bench.uplink({ senderId: null })];
    const bad = [bench.uplink({ refuse: "blocked" }), bench.uplink({ senderId: "eve", target })];
    const outcomes = await bench.commit(
      ...[good[0], bad[0], good[1], bad[1], good[2]].map((uplink) => uplink ?? bench.uplink()),
    );
    assertEqual(kindsOf(outcomes), ["stored", "refused", "stored", "refused", "stored"], "outcomes");
    assertEqual(
      await readIds(bench.storage, "bob"),
      good.map((uplink) => uplink.messageId),
      "bob's inbox",
    );
  });

  add("U6: what was neither stored nor refused is not remembered", async (bench) => {
    const uplink = bench.uplink();
    await bench.commit({ ...uplink, syncEpoch: "another" });
    await bench.commit({ ...uplink, afterId: bench.uplink().messageId });
    assertEqual(receiptOf((await bench.commit(uplink))[0]).senderSeq, 1, "senderSeq of the copy that counts");
  });

  add("I10: the right to send is judged before the predecessor", async (bench) => {
    const uplink = bench.uplink({ refuse: "blocked", afterId: bench.uplink().messageId });
    assertRefused((await bench.commit(uplink))[0], "blocked");
    assertRefused((await bench.commit({ ...uplink, refuse: null, afterId: null }))[0], "blocked");
  });
};

async function assertUntouched(bench: StorageBench, userIds: readonly string[]): Promise<void> {
  for (const userId of userIds) assertEqual(await readIds(bench.storage, userId), [], `${userId}'s inbox`);
  const { heads } = await bench.storage.messages.readHeads(userIds);
  assertEqual([...heads], [], "heads");
}
