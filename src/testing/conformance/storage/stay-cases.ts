import { assertEqual, assertRejects } from "../assert.js";
import { addMembers, removeMember } from "./membership.js";
import { audienceOf, freshOf } from "./outcomes.js";
import type { StorageCases } from "./storage-cases.js";

const stay = (userId: string, joinedSeq: number, leftSeq: number | null, role = "member") => {
  return { userId, role, joinedSeq, leftSeq };
};

/** Who is in a group, since when and until when. */
export const stayCases: StorageCases = (add) => {
  add("the owner is in as owner, the others as members, in the order of their ids", async (bench) => {
    const { id } = await bench.group(["cid", "bob", "Zoe"]);
    const expected = [stay("Zoe", 0, null), stay("ann", 0, null, "owner"), stay("bob", 0, null), stay("cid", 0, null)];
    assertEqual<unknown>(await bench.storage.groups.memberships(id), expected, "stays");
  });

  add("G8: a member named twice is in once and gets each message once", async (bench) => {
    const target = await bench.group(["bob", "ann", "bob"]);
    assertEqual(
      await addMembers(bench.storage.groups, target.id, ["bob", "cid", "cid"], 10),
      1,
      "number of users added",
    );
    assertEqual((await bench.storage.groups.memberships(target.id)).length, 3, "number of stays");
    const { deliveries } = freshOf(await bench.commitOne({ target }));
    assertEqual(audienceOf(deliveries), ["ann", "bob", "cid"], "audience");
  });

  add("G8: a user added by several handles at once is in once", async (bench) => {
    const { id } = await bench.group([]);
    const workers = await bench.workers(8);
    const counts = await Promise.all(workers.map((storage) => addMembers(storage.groups, id, ["bob"], 10)));
    assertEqual(
      counts.reduce((sum, count) => sum + count, 0),
      1,
      "number of users added in all",
    );
    assertEqual((await bench.storage.groups.memberships(id)).length, 2, "number of stays");
  });

  add("G4: an addition beyond the limit adds no one", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const { groups } = bench.storage;
    await assertRejects(() => addMembers(groups, id, ["cid", "dan"], 3), "too_large", "add");
    assertEqual((await groups.memberships(id)).length, 2, "number of stays");
    assertEqual(await addMembers(groups, id, ["bob", "cid"], 3), 1, "number of users added up to the limit");
    assertEqual(await addMembers(groups, id, ["bob", "cid"], 3), 0, "number of users added who are in");
  });

  add("G4: additions racing for the last place fill it once", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const workers = await bench.workers(6);
    await Promise.allSettled(workers.map((storage, index) => addMembers(storage.groups, id, [`late-${index}`], 3)));
    assertEqual((await bench.storage.groups.memberships(id)).length, 3, "number of stays");
  });

  add("who left makes room for another one", async (bench) => {
    const { id } = await bench.group(["bob"]);
    await removeMember(bench.storage.groups, id, "bob");
    assertEqual(await addMembers(bench.storage.groups, id, ["cid"], 2), 1, "number of users added");
  });

  add("a removal of somebody who is not in is false", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const { groups } = bench.storage;
    assertEqual(await removeMember(groups, id, "eve"), false, "removal of a stranger");
    assertEqual(await removeMember(groups, id, "bob"), true, "removal of a member");
    assertEqual(await removeMember(groups, id, "bob"), false, "second removal");
  });

  add("a stay carries the positions it began and ended at, and who comes back has a second one", async (bench) => {
    const target = await bench.group(["bob"]);
    const { groups } = bench.storage;
    await bench.commit(bench.uplink({ target }), bench.uplink({ target }));
    await removeMember(groups, target.id, "bob");
    await bench.commitOne({ target });
    await addMembers(groups, target.id, ["bob", "abe"], 10);
    await bench.commitOne({ target });
    const expected = [stay("abe", 3, null), stay("ann", 0, null, "owner"), stay("bob", 0, 2), stay("bob", 3, null)];
    assertEqual<unknown>(await groups.memberships(target.id), expected, "stays");
  });

  add("a stay that saw no message still counts as one", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const { groups } = bench.storage;
    await removeMember(groups, id, "bob");
    await addMembers(groups, id, ["bob"], 10);
    const stays = (await groups.memberships(id)).filter((each) => each.userId === "bob");
    assertEqual<unknown>(stays, [stay("bob", 0, 0), stay("bob", 0, null)], "bob's stays");
  });
};
