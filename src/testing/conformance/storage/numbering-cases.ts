import { assertEqual } from "../assert.js";
import { freshOf, receiptOf } from "./outcomes.js";
import { readAll, readIds } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

/** Numbers are handed out by the commit, in batch order, without a hole. */
export const numberingCases: StorageCases = (add) => {
  add("I4: an inbox begins at 1 and grows by one with each message", async (bench) => {
    for (let seq = 1; seq <= 10; seq++) {
      const { deliveries } = freshOf(await bench.commitOne({ senderId: null }));
      assertEqual(deliveries, [{ userId: "bob", seq }], `deliveries of message ${seq}`);
    }
  });

  add("I4: each inbox counts by itself", async (bench) => {
    await bench.commit(bench.uplink({ to: "bob" }), bench.uplink({ to: "cid" }), bench.uplink({ to: "bob" }));
    const heads = [await bench.head("ann"), await bench.head("bob"), await bench.head("cid")];
    assertEqual(heads, [3, 2, 1], "heads of ann, bob and cid");
  });

  add("I4: numbers are handed out in the order of the batch", async (bench) => {
    const uplinks = Array.from({ length: 50 }, () => bench.uplink());
    const outcomes = await bench.commit(...uplinks);
    const seqs = outcomes.map((outcome) => receiptOf(outcome).senderSeq);
    assertEqual(
      seqs,
      Array.from({ length: 50 }, (_, index) => index + 1),
      "senderSeqs",
    );
    assertEqual(
      await readIds(bench.storage, "bob"),
      uplinks.map((uplink) => uplink.messageId),
      "bob's inbox",
    );
  });

  add("I4: senderSeq is where the sender's own copy stands", async (bench) => {
    await bench.commit(bench.uplink({ senderId: "cid", to: "ann" }), bench.uplink({ senderId: "cid", to: "ann" }));
    const uplink = bench.uplink();
    const { senderSeq } = receiptOf((await bench.commit(uplink))[0]);
    assertEqual(senderSeq, 3, "senderSeq");
    assertEqual((await readAll(bench.storage, "ann"))[2]?.message.messageId, uplink.messageId, "ann's third item");
  });

  add("Q6: what is refused, late or of another epoch takes no number", async (bench) => {
    await bench.commit(
      bench.uplink(),
      bench.uplink({ refuse: "blocked" }),
      bench.uplink({ afterId: bench.uplink().messageId }),
      bench.uplink({ syncEpoch: "another" }),
      bench.uplink(),
    );
    const items = await readAll(bench.storage, "bob");
    assertEqual(
      items.map((item) => item.message.conversationSeq),
      [1, 2],
      "positions in the conversation",
    );
  });
};
