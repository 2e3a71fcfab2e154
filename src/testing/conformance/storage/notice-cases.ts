import type { GroupCommit, Outcome } from "../../../adapters/contracts/index.js";
import { assertBytes, assertEqual, assertMessage, assertThat, present } from "../assert.js";
import { addMembers } from "./membership.js";
import { audienceOf, freshOf, kindsOf, receiptOf } from "./outcomes.js";
import { readAll, readIds, readOnly } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

/** What the system says about a change, stored by the change itself. */
export const noticeCases: StorageCases = (add) => {
  add("I3, I11: a notice is in the inbox of everybody who is in before or after the change, once", async (bench) => {
    const target = await bench.group(["bob", "cid"]);
    const notice = bench.notice();
    const change = { add: ["dan", "bob", "dan"], remove: ["cid", "eve"], notice };
    const commit = await bench.storage.groups.change(target.id, [], () => change);
    const { deliveries, message } = freshOf(noticeOf(commit));
    assertEqual(audienceOf(deliveries), ["ann", "bob", "cid", "dan"], "audience");
    for (const userId of ["ann", "bob", "cid", "dan"]) {
      assertMessage(await readOnly(bench.storage, userId), message, `${userId}'s message`);
    }
    assertEqual(await readIds(bench.storage, "eve"), [], "a stranger's inbox");
  });

  add("a notice is a message of the system to the group, as it was given", async (bench) => {
    const target = await bench.group(["bob"]);
    const notice = bench.notice({ type: 104, content: Uint8Array.of(0, 255, 0) });
    await bench.storage.groups.change(target.id, [], () => ({ notice }));
    const { content, ...message } = await readOnly(await bench.another(), "bob");
    assertBytes(content, notice.content, "content");
    const { messageId, serverTime } = notice;
    const spoken = { messageId, serverTime, clientTime: serverTime, type: 104, senderId: null, conversationSeq: 1 };
    assertEqual<unknown>(message, { ...spoken, target }, "message");
  });

  add("a notice's receipt names no copy of a sender, and the epoch", async (bench) => {
    const target = await bench.group([]);
    const commit = await bench.storage.groups.change(target.id, [], () => ({ notice: bench.notice() }));
    const { syncEpoch, outcomes } = present(commit?.committed, "what was committed");
    assertEqual([receiptOf(outcomes[0]).senderSeq, receiptOf(outcomes[0]).conversationSeq], [0, 1], "receipt");
    assertEqual(syncEpoch, (await bench.storage.messages.readHeads([])).syncEpoch, "epoch");
  });

  add("I9: a notice takes the next position: a newcomer's first message, a removed user's last", async (bench) => {
    const target = await bench.group(["bob"]);
    const { groups } = bench.storage;
    const notice = bench.notice();
    const [before, after] = [bench.uplink({ target }), bench.uplink({ target })];
    await bench.commit(before);
    await groups.change(target.id, [], () => ({ add: ["cid"], remove: ["bob"], notice }));
    await bench.commit(after);
    const [first, second, third] = [before, notice, after].map(({ messageId }) => messageId);
    assertEqual<unknown>(await readIds(bench.storage, "ann"), [first, second, third], "ann's inbox");
    assertEqual<unknown>(await readIds(bench.storage, "bob"), [first, second], "bob's inbox");
    assertEqual<unknown>(await readIds(bench.storage, "cid"), [second, third], "cid's inbox");
    const stays = (await groups.memberships(target.id)).map((stay) => [stay.userId, stay.joinedSeq, stay.leftSeq]);
    assertEqual<unknown>(
      stays,
      [
        ["ann", 0, null],
        ["bob", 0, 2],
        ["cid", 1, null],
      ],
      "stays",
    );
  });

  add("a notice at the creation is everybody's first message, and their stays begin before it", async (bench) => {
    const named = { name: "group", ownerId: "ann", memberIds: ["bob", "ann"] };
    const commit = await bench.storage.groups.create({ ...named, notice: bench.notice() });
    assertEqual(audienceOf(freshOf(noticeOf(commit)).deliveries), ["ann", "bob"], "audience");
    const target = { kind: "group", id: commit.group.id } as const;
    assertEqual(receiptOf(await bench.commitOne({ target })).conversationSeq, 2, "position of the next message");
    const stays = await bench.storage.groups.memberships(target.id);
    assertThat(
      stays.every(({ joinedSeq }) => joinedSeq === 0),
      "every stay begins at 0",
    );
  });

  add("I2: a notice whose id is stored makes no second message; the change happens", async (bench) => {
    const target = await bench.group(["bob"]);
    const notice = bench.notice();
    const { groups } = bench.storage;
    await groups.change(target.id, [], () => ({ add: ["cid"], notice }));
    const commit = await groups.change(target.id, [], () => ({ add: ["dan"], remove: ["bob"], notice }));
    assertEqual(present(commit, "the change").committed, null, "what the second change tells");
    assertEqual((await readAll(bench.storage, "ann")).length, 1, "number of ann's items");
    assertEqual(await readIds(bench.storage, "dan"), [], "dan's inbox");
    const stays = (await groups.memberships(target.id)).filter(({ userId }) => userId === "bob" || userId === "dan");
    const positions = stays.map(({ userId, joinedSeq, leftSeq }) => [userId, joinedSeq, leftSeq]);
    assertEqual<unknown>(
      positions,
      [
        ["bob", 0, 1],
        ["dan", 1, null],
      ],
      "stays",
    );
  });

  add("I10: a notice whose id was refused makes no message", async (bench) => {
    const target = await bench.group(["bob"]);
    const uplink = bench.uplink({ refuse: "blocked" });
    await bench.commit(uplink);
    const notice = bench.notice({ messageId: uplink.messageId });
    const commit = await bench.storage.groups.change(target.id, [], () => ({ name: "new", notice }));
    assertEqual([commit?.group.name, commit?.committed], ["new", null], "the change");
    assertEqual(await readIds(bench.storage, "bob"), [], "bob's inbox");
  });

  add("I2: a message with the id of a notice is a repeat", async (bench) => {
    const target = await bench.group([]);
    const notice = bench.notice();
    await bench.storage.groups.change(target.id, [], () => ({ notice }));
    const outcomes = await bench.commit(bench.uplink({ messageId: notice.messageId, senderId: null, target }));
    assertEqual(kindsOf(outcomes), ["stored"], "outcome");
    assertEqual((await readAll(bench.storage, "ann")).length, 1, "number of ann's items");
  });

  add("a change without a notice takes no position", async (bench) => {
    const target = await bench.group(["bob"]);
    await addMembers(bench.storage.groups, target.id, ["cid"], 10);
    assertEqual(receiptOf(await bench.commitOne({ target })).conversationSeq, 1, "position of the next message");
  });

  add("I1: a notice survives a restart, and the numbers go on behind it", async (bench) => {
    const target = await bench.group(["bob"]);
    const notice = bench.notice();
    await bench.storage.groups.change(target.id, [], () => ({ notice }));
    const storage = await bench.restart();
    assertEqual(await readIds(storage, "bob"), [notice.messageId], "bob's inbox");
    const { outcomes } = await storage.messages.commit([bench.uplink({ target })]);
    const { deliveries, receipt } = freshOf(outcomes[0]);
    assertEqual(receipt.conversationSeq, 2, "position of the next message");
    assertEqual(
      deliveries.map(({ seq }) => seq),
      [2, 2],
      "seqs of the next message",
    );
  });

  add("I3: a notice to a group of 500 reaches all of them", async (bench) => {
    const memberIds = Array.from({ length: 500 }, (_, index) => `user-${index}`);
    const target = await bench.group(memberIds);
    const change = { remove: memberIds.slice(0, 400), notice: bench.notice() };
    const commit = await bench.storage.groups.change(target.id, memberIds, () => change);
    assertEqual(freshOf(noticeOf(commit)).deliveries.length, 501, "number of deliveries");
    const stays = await bench.storage.groups.memberships(target.id);
    assertEqual(stays.filter(({ leftSeq }) => leftSeq === 1).length, 400, "number of ended stays");
  });
};

/** The outcome of a change's notice; there is exactly one. */
function noticeOf(commit: GroupCommit | null): Outcome {
  const { outcomes } = present(commit?.committed, "what was committed");
  assertEqual(outcomes.length, 1, "number of outcomes");
  return outcomes[0] as Outcome;
}
