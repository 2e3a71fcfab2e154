import { assertEqual } from "../assert.js";
import type { StorageCases } from "./storage-cases.js";

/** Reading many heads at once. */
export const headCases: StorageCases = (add) => {
  add("heads of users without an inbox are absent", async (bench) => {
    await bench.commitOne({ senderId: null });
    const { heads } = await bench.storage.messages.readHeads(["nobody", "bob", "none"]);
    assertEqual([...heads], [["bob", 1]], "heads");
  });

  add("no heads are asked, none are told", async (bench) => {
    await bench.commitOne();
    assertEqual((await bench.storage.messages.readHeads([])).heads.size, 0, "number of heads");
  });

  add("a user asked for twice has one head", async (bench) => {
    await bench.commitOne();
    const { heads } = await bench.storage.messages.readHeads(["bob", "ann", "bob"]);
    assertEqual(
      [...heads].sort(),
      [
        ["ann", 1],
        ["bob", 1],
      ],
      "heads",
    );
  });

  add("heads of 2,000 users are read in one call", async (bench) => {
    const userIds = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
    const known = userIds.filter((_, index) => index % 2 === 0);
    await bench.commit(...known.map((to) => bench.uplink({ senderId: null, to })));
    await bench.commitOne({ senderId: null, to: "user-1998" });
    const { heads } = await bench.storage.messages.readHeads(userIds);
    assertEqual(heads.size, 1_000, "number of heads");
    assertEqual([heads.get("user-0"), heads.get("user-1"), heads.get("user-1998")], [1, undefined, 2], "some heads");
  });
};
