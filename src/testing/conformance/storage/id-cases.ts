import { assertEqual, present } from "../assert.js";
import { NEAR_TWINS, ODD_IDS } from "./odd-ids.js";
import { freshOf, receiptOf } from "./outcomes.js";
import { readIds, readOnly } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

/** Ids are opaque: compared byte by byte, never parsed. */
export const idCases: StorageCases = (add) => {
  for (const [one, other] of NEAR_TWINS) {
    add(`ids are compared byte by byte: ${one} and ${other} are two users`, async (bench) => {
      const toOne = bench.uplink({ senderId: null, to: one });
      const toOther = bench.uplink({ senderId: null, to: other });
      await bench.commit(toOne, toOther);
      assertEqual(await readIds(bench.storage, one), [toOne.messageId], `inbox of ${one}`);
      assertEqual(await readIds(bench.storage, other), [toOther.messageId], `inbox of ${other}`);
      const { heads } = await bench.storage.messages.readHeads([one]);
      assertEqual([...heads], [[one, 1]], `heads asked for ${one}`);
    });
  }

  add("groups whose ids differ only in case are two groups", async (bench) => {
    const upper = await bench.group(["bob"], "Ops");
    const lower = await bench.group(["cid"], "ops");
    await bench.commitOne({ target: upper });
    await bench.commitOne({ target: lower });
    assertEqual((await readOnly(bench.storage, "bob")).target, upper, "target of bob's message");
    assertEqual((await readOnly(bench.storage, "cid")).target, lower, "target of cid's message");
  });

  add("a user may have any printable ASCII id", async (bench) => {
    const uplinks = ODD_IDS.map((to) => bench.uplink({ senderId: null, to }));
    await bench.commit(...uplinks);
    const { heads } = await bench.storage.messages.readHeads(ODD_IDS);
    assertEqual(heads.size, ODD_IDS.length, "number of heads");
    for (const uplink of uplinks) {
      const message = await readOnly(bench.storage, uplink.target.id);
      assertEqual(message.messageId, uplink.messageId, `message to ${uplink.target.id}`);
      assertEqual(message.target, uplink.target, `target of the message to ${uplink.target.id}`);
    }
  });

  add("a sender may have any printable ASCII id", async (bench) => {
    for (const senderId of ODD_IDS) {
      const { receipt, message } = freshOf(await bench.commitOne({ senderId, to: "receiver" }));
      assertEqual([receipt.senderSeq, message.senderId], [1, senderId], `senderSeq and senderId of ${senderId}`);
    }
  });

  add("a group may have any printable ASCII id, and members too", async (bench) => {
    for (const id of ODD_IDS) {
      const target = await bench.group([...ODD_IDS], id);
      const { deliveries } = freshOf(await bench.commitOne({ target }));
      assertEqual(deliveries.length, ODD_IDS.length + 1, `number of deliveries in group ${id}`);
      assertEqual((await bench.storage.groups.memberships(id)).length, ODD_IDS.length + 1, `stays in group ${id}`);
      assertEqual(present(await bench.storage.groups.find(id), `group ${id}`).id, id, "id of the group found");
    }
  });

  add("a user and a group of the same id share nothing", async (bench) => {
    const group = await bench.group(["bob"], "cid");
    const toGroup = bench.uplink({ target: group });
    const toUser = bench.uplink({ to: "cid" });
    const outcomes = await bench.commit(toGroup, toUser);
    assertEqual(
      outcomes.map((outcome) => receiptOf(outcome).conversationSeq),
      [1, 1],
      "positions",
    );
    assertEqual(await readIds(bench.storage, "cid"), [toUser.messageId], "inbox of the user");
    assertEqual(await readIds(bench.storage, "bob"), [toGroup.messageId], "inbox of a member");
  });
};
