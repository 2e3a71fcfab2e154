import { assertEqual, assertRejects } from "../assert.js";
import { addMembers, removeMember } from "./membership.js";
import type { StorageCases } from "./storage-cases.js";

/** Groups: made once, found as they were made. */
export const groupCases: StorageCases = (add) => {
  add("a group is found as it was created, by every handle and after a restart", async (bench) => {
    const { group, committed } = await bench.storage.groups.create({
      id: "ops",
      name: "Ops “24/7” 😀",
      ownerId: "ann",
      memberIds: ["bob"],
    });
    assertEqual(committed, null, "what a creation without a notice tells");
    assertEqual(group, { id: "ops", name: "Ops “24/7” 😀", ownerId: "ann" }, "the group created");
    assertEqual(await (await bench.another()).groups.find("ops"), group, "the group found by another handle");
    const storage = await bench.restart();
    assertEqual(await storage.groups.find("ops"), group, "the group found after a restart");
    assertEqual((await storage.groups.memberships("ops")).length, 2, "number of stays after a restart");
  });

  add("a group that does not exist is not found", async ({ storage: { groups } }) => {
    assertEqual(await groups.find("nowhere"), null, "the group found");
    await assertRejects(() => addMembers(groups, "nowhere", ["bob"], 10), "not_found", "add");
    await assertRejects(() => removeMember(groups, "nowhere", "bob"), "not_found", "remove");
    await assertRejects(() => groups.memberships("nowhere"), "not_found", "memberships");
  });

  add(
    "generated ids are decimals from 1 on that skip what an application has taken",
    async ({ storage: { groups } }) => {
      const named = { name: "group", ownerId: "ann", memberIds: [] };
      await groups.create({ ...named, id: "2" });
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) ids.push((await groups.create(named)).group.id);
      assertEqual(ids, ["1", "3", "4"], "ids");
    },
  );

  add("groups created at once by several handles have ids of their own", async (bench) => {
    const workers = await bench.workers(20);
    const commits = await Promise.all(
      workers.map((storage) => storage.groups.create({ name: "group", ownerId: "ann", memberIds: [] })),
    );
    assertEqual(new Set(commits.map(({ group }) => group.id)).size, 20, "number of different ids");
  });

  add("G3: a creation under an id that is taken fails and changes nothing", async (bench) => {
    const { groups } = bench.storage;
    const { group } = await groups.create({ id: "ops", name: "first", ownerId: "ann", memberIds: ["bob"] });
    const again = { id: "ops", name: "second", ownerId: "eve", memberIds: ["cid"] };
    await assertRejects(() => groups.create(again), "add_failed", "create");
    assertEqual(await groups.find("ops"), group, "the group");
    const stays = await groups.memberships("ops");
    assertEqual(
      stays.map((each) => each.userId),
      ["ann", "bob"],
      "members",
    );
  });

  add("G3: of creations racing for one id exactly one succeeds", async (bench) => {
    const workers = await bench.workers(10);
    const results = await Promise.allSettled(
      workers.map((storage, index) => {
        return storage.groups.create({ id: "ops", name: "group", ownerId: `owner-${index}`, memberIds: [] });
      }),
    );
    assertEqual(results.filter((result) => result.status === "fulfilled").length, 1, "number of creations");
    assertEqual((await bench.storage.groups.memberships("ops")).length, 1, "number of stays");
  });
};
