import { assertEqual } from "../assert.js";
import { receiptOf } from "./outcomes.js";
import type { StorageCases } from "./storage-cases.js";

/** Positions in a conversation: 1, 2, 3 … for everyone in it. */
export const positionCases: StorageCases = (add) => {
  add("I9: both directions of a single chat count in one conversation", async (bench) => {
    const outcomes = await bench.commit(
      bench.uplink({ senderId: "ann", to: "bob" }),
      bench.uplink({ senderId: "bob", to: "ann" }),
      bench.uplink({ senderId: "ann", to: "bob" }),
    );
    assertEqual(
      outcomes.map((outcome) => receiptOf(outcome).conversationSeq),
      [1, 2, 3],
      "positions",
    );
  });

  add("I9: each conversation counts by itself", async (bench) => {
    const target = await bench.group(["bob"]);
    const outcomes = await bench.commit(
      bench.uplink({ to: "bob" }),
      bench.uplink({ to: "cid" }),
      bench.uplink({ target }),
      bench.uplink({ senderId: null, to: "bob" }),
      bench.uplink({ senderId: null, target }),
      bench.uplink({ to: "ann" }),
      bench.uplink({ to: "bob" }),
    );
    const positions = outcomes.map((outcome) => receiptOf(outcome).conversationSeq);
    assertEqual(positions, [1, 1, 1, 1, 2, 1, 2], "positions");
  });
};
