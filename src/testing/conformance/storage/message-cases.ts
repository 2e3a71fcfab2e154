import { assertEqual, assertMessage } from "../assert.js";
import { removeMember } from "./membership.js";
import { audienceOf, freshOf } from "./outcomes.js";
import { readIds, readOnly } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

/** Who gets a message, and how. */
export const messageCases: StorageCases = (add) => {
  add("U8: a message to one user is one item in the receiver's and one in the sender's inbox", async (bench) => {
    const uplink = bench.uplink();
    const { receipt, deliveries } = freshOf((await bench.commit(uplink))[0]);
    assertEqual(audienceOf(deliveries), ["ann", "bob"], "audience");
    assertEqual(await readIds(bench.storage, "ann"), [uplink.messageId], "ann's inbox");
    assertEqual(await readIds(bench.storage, "bob"), [uplink.messageId], "bob's inbox");
    const { messageId, serverTime } = uplink;
    assertEqual(receipt, { messageId, senderSeq: 1, conversationSeq: 1, serverTime }, "receipt");
  });

  add("I19: a message is the same in what the commit tells and in every inbox", async (bench) => {
    const uplink = bench.uplink({ type: 1_234, clientTime: 5 });
    const { message } = freshOf((await bench.commit(uplink))[0]);
    const { afterId: _, syncEpoch: __, refuse: ___, ...parts } = uplink;
    assertMessage(message, { ...parts, conversationSeq: 1 }, "the message told");
    assertMessage(await readOnly(bench.storage, "ann"), message, "ann's copy");
    assertMessage(await readOnly(await bench.another(), "bob"), message, "bob's copy");
  });

  add("a message to oneself is one item", async (bench) => {
    const { deliveries, receipt } = freshOf(await bench.commitOne({ to: "ann" }));
    assertEqual(deliveries, [{ userId: "ann", seq: 1 }], "deliveries");
    assertEqual(receipt.senderSeq, 1, "senderSeq");
    assertEqual(await bench.head("ann"), 1, "ann's head");
  });

  add("a message of the system to a user reaches only that user", async (bench) => {
    const { deliveries, receipt } = freshOf(await bench.commitOne({ senderId: null }));
    assertEqual(deliveries, [{ userId: "bob", seq: 1 }], "deliveries");
    assertEqual(receipt.senderSeq, 0, "senderSeq");
    assertEqual((await readOnly(bench.storage, "bob")).senderId, null, "senderId");
  });

  add("a message of the system to a group reaches every member and nobody else", async (bench) => {
    const target = await bench.group(["bob", "cid"]);
    const { deliveries, receipt } = freshOf(await bench.commitOne({ senderId: null, target }));
    assertEqual(audienceOf(deliveries), ["ann", "bob", "cid"], "audience");
    assertEqual(receipt.senderSeq, 0, "senderSeq");
  });

  add("a message to a group is one item in the inbox of every member, the sender included", async (bench) => {
    const target = await bench.group(["bob", "cid"]);
    const uplink = bench.uplink({ target, senderId: "cid" });
    assertEqual(audienceOf(freshOf((await bench.commit(uplink))[0]).deliveries), ["ann", "bob", "cid"], "audience");
    for (const userId of ["ann", "bob", "cid"]) {
      assertEqual(await readIds(bench.storage, userId), [uplink.messageId], `${userId}'s inbox`);
    }
  });

  add("U12: a message to a group of one is stored with only the sender's own copy", async (bench) => {
    const { deliveries } = freshOf(await bench.commitOne({ target: await bench.group([]) }));
    assertEqual(deliveries, [{ userId: "ann", seq: 1 }], "deliveries");
  });

  add("U12: a message of the system to a group everybody left is stored for nobody", async (bench) => {
    const target = await bench.group([]);
    await removeMember(bench.storage.groups, target.id, "ann");
    assertEqual(freshOf(await bench.commitOne({ senderId: null, target })).deliveries, [], "deliveries");
  });
};
