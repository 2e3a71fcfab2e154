import { assertEqual, assertRejects } from "../assert.js";
import { addMembers, removeMember } from "./membership.js";
import { NEAR_TWINS, ODD_IDS } from "./odd-ids.js";
import { readIds } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

/** In which groups somebody is, and in how many they may be. */
export const ownGroupCases: StorageCases = (add) => {
  add("the groups of a user are those they are in now, with their role, for every handle", async (bench) => {
    const { groups } = bench.storage;
    await bench.group(["bob"], "b");
    await groups.create({ id: "a", name: "bob's", ownerId: "bob", memberIds: ["ann"] });
    await bench.group(["cid"], "c");
    await groups.change("b", [], () => ({ name: "new", roles: new Map([["bob", "admin"]]), notice: null }));
    const expected = [
      { id: "a", name: "bob's", ownerId: "bob", role: "owner" },
      { id: "b", name: "new", ownerId: "ann", role: "admin" },
    ];
    await bench.everywhere(async (storage) => {
      assertEqual<unknown>(await storage.groups.groupsOf("bob"), expected, "bob's groups");
      assertEqual(await storage.groups.groupsOf("nobody"), [], "groups of nobody");
    });
  });

  add("who leaves a group does not have it any more, and who comes back has it once", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const { groups } = bench.storage;
    await removeMember(groups, id, "bob");
    assertEqual(await groups.groupsOf("bob"), [], "groups after the removal");
    await addMembers(groups, id, ["bob"], 10);
    const own = (await groups.groupsOf("bob")).map((group) => [group.id, group.role]);
    assertEqual<unknown>(own, [[id, "member"]], "groups after coming back");
  });

  add("groups are listed by the bytes of their ids", async (bench) => {
    const ids = [...new Set([...ODD_IDS, ...NEAR_TWINS.flat()])];
    for (const id of ids) await bench.group(["bob"], id);
    const listed = (await bench.storage.groups.groupsOf("bob")).map(({ id }) => id);
    assertEqual<unknown>(listed, ids.sort(), "ids of bob's groups");
  });

  add("users whose ids look alike have groups of their own", async (bench) => {
    for (const [one, other] of NEAR_TWINS) {
      const { id } = await bench.group([one]);
      const { groups } = bench.storage;
      assertEqual((await groups.groupsOf(one)).at(-1)?.id, id, `the last group of ${one}`);
      assertEqual(
        (await groups.groupsOf(other)).some((group) => group.id === id),
        false,
        `${other} is in it`,
      );
      await removeMember(groups, id, one);
    }
  });

  add("G4: a creation with somebody who is in as many groups as allowed creates nothing", async (bench) => {
    const { groups } = bench.storage;
    await bench.group(["bob"]);
    await bench.group(["bob"]);
    const named = { id: "ops", name: "group", maxGroupsPerUser: 2, notice: bench.notice() };
    const asMember = { ...named, ownerId: "eve", memberIds: ["bob"] };
    await assertRejects(() => groups.create(asMember), "too_large", "create with a member");
    const asOwner = { ...named, ownerId: "bob", memberIds: ["eve"] };
    await assertRejects(() => groups.create(asOwner), "too_large", "create with an owner");
    assertEqual(await groups.find("ops"), null, "the group");
    assertEqual(await groups.groupsOf("eve"), [], "groups of somebody beside them");
    assertEqual(await readIds(bench.storage, "eve"), [], "inbox of somebody beside them");
    const { group } = await groups.create({ ...asMember, maxGroupsPerUser: 3 });
    assertEqual(group.id, "ops", "id of the group created with room for one more");
  });

  add("G4: a group that was left does not count", async (bench) => {
    const { groups } = bench.storage;
    const { id } = await bench.group(["bob"]);
    const again = { name: "group", ownerId: "eve", memberIds: ["bob"], maxGroupsPerUser: 1 };
    await assertRejects(() => groups.create(again), "too_large", "create");
    await removeMember(groups, id, "bob");
    assertEqual((await groups.create(again)).group.ownerId, "eve", "owner of the group created afterwards");
  });
};
