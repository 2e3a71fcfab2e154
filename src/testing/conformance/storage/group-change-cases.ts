import type { GroupRole, GroupState, Storage } from "../../../adapters/contracts/index.js";
import { ImError } from "../../../core/errors.js";
import type { UserId } from "../../../core/model.js";
import { assertEqual, assertRejects, assertThat, present } from "../assert.js";
import { removeMember } from "./membership.js";
import { NEAR_TWINS } from "./odd-ids.js";
import { readIds } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";

/** A change of a group is decided on the group as it is while nobody else can change it. */
export const groupChangeCases: StorageCases = (add) => {
  add(
    "a change is decided on the group, who is in with which role, and in how many groups newcomers are",
    async (bench) => {
      const { id } = await bench.group(["bob", "cid"]);
      await removeMember(bench.storage.groups, id, "cid");
      await bench.group(["bob", "dan"]);
      const state = await look(bench, id, ["bob", "cid", "dan", "eve", "dan"]);
      assertEqual(state.group, { id, name: "group", ownerId: "ann" }, "group");
      assertEqual<unknown>(
        new Map(state.members),
        new Map([
          ["ann", "owner"],
          ["bob", "member"],
        ]),
        "members",
      );
      assertEqual(
        [...state.groupCounts].sort(),
        [
          ["bob", 2],
          ["dan", 1],
        ],
        "numbers of groups",
      );
    },
  );

  add("numbers of groups are those of 2,000 newcomers, each by itself", async (bench) => {
    const many = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
    const { id } = await bench.group(["user-0", "user-1999"]);
    const { groupCounts } = await look(bench, id, many);
    assertEqual(
      [...groupCounts].sort(),
      [
        ["user-0", 1],
        ["user-1999", 1],
      ],
      "numbers of groups",
    );
  });

  add("a decision for nothing changes nothing and gives null", async (bench) => {
    const { id } = await bench.group(["bob"]);
    assertEqual(await bench.storage.groups.change(id, [], () => null), null, "the change");
    await assertUntouched(bench, id);
  });

  add("a decision that throws changes nothing, and what it threw comes out", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const { groups } = bench.storage;
    const refuse = () =>
      groups.change(id, [], () => {
        throw new ImError("forbidden");
      });
    await assertRejects(refuse, "forbidden", "change");
    const mistake = new RangeError("a mistake in the rules");
    const fail = groups.change(id, [], () => {
      throw mistake;
    });
    assertEqual<unknown>(await fail.catch((error: unknown) => error), mistake, "what a mistake rejects with");
    await assertUntouched(bench, id);
  });

  add("a change of an unknown group is not_found, and nothing is decided", async (bench) => {
    let isAsked = false;
    const decide = () => {
      isAsked = true;
      return { notice: bench.notice() };
    };
    await assertRejects(() => bench.storage.groups.change("nowhere", ["ann"], decide), "not_found", "change");
    assertEqual(isAsked, false, "somebody was asked");
  });

  add("a name, an owner and roles are changed for every handle and after a restart", async (bench) => {
    const { id } = await bench.group(["bob", "cid"]);
    const roles = new Map<UserId, GroupRole>([
      ["ann", "member"],
      ["bob", "owner"],
      ["cid", "admin"],
      ["eve", "admin"],
    ]);
    const change = { name: "Ops “24/7”", ownerId: "bob", roles, notice: null };
    const commit = await bench.storage.groups.change(id, [], () => change);
    const group = { id, name: "Ops “24/7”", ownerId: "bob" };
    assertEqual(commit, { group, committed: null }, "the change");
    await bench.everywhere(async ({ groups }) => {
      assertEqual(await groups.find(id), group, "the group");
      const stays = (await groups.memberships(id)).map(({ userId, role, joinedSeq }) => [userId, role, joinedSeq]);
      assertEqual<unknown>(
        stays,
        [
          ["ann", "member", 0],
          ["bob", "owner", 0],
          ["cid", "admin", 0],
        ],
        "stays",
      );
    });
  });

  add("a change touches only what it names", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const { groups } = bench.storage;
    await groups.change(id, [], () => ({ roles: new Map([["bob", "admin"]]), notice: null }));
    await groups.change(id, [], () => ({ name: "new", notice: null }));
    await groups.change(id, [], () => ({ ownerId: "bob", notice: null }));
    assertEqual(await groups.find(id), { id, name: "new", ownerId: "bob" }, "the group");
    const { members } = await look(bench, id, []);
    assertEqual<unknown>(
      new Map(members),
      new Map([
        ["ann", "owner"],
        ["bob", "admin"],
      ]),
      "members",
    );
  });

  add("a newcomer may come with a role, and a past stay keeps the role it ended with", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const { groups } = bench.storage;
    const roles = new Map<UserId, GroupRole>([
      ["cid", "admin"],
      ["bob", "admin"],
    ]);
    await groups.change(id, [], () => ({ add: ["cid"], remove: ["bob"], roles, notice: null }));
    await groups.change(id, [], () => ({ add: ["bob"], roles, notice: null }));
    const stays = (await groups.memberships(id)).map(({ userId, role, leftSeq }) => [userId, role, leftSeq]);
    const expected = [
      ["ann", "owner", null],
      ["bob", "member", 0],
      ["bob", "admin", null],
      ["cid", "admin", null],
    ];
    assertEqual<unknown>(stays, expected, "stays");
  });

  add("who is named to come and to go is not in afterwards", async (bench) => {
    const { id } = await bench.group(["bob"]);
    const change = { add: ["bob", "cid"], remove: ["bob", "cid"], notice: null };
    await bench.storage.groups.change(id, [], () => change);
    assertEqual([...(await look(bench, id, [])).members.keys()], ["ann"], "members");
  });

  add("groups and members whose ids look alike are changed one by one", async (bench) => {
    for (const [index, [one, other]] of NEAR_TWINS.entries()) {
      const [id, twin] = [`${index}${one}`, `${index}${other}`];
      for (const each of [id, twin]) await bench.group([one, other], each);
      await bench.storage.groups.change(id, [], () => ({ name: "new", remove: [one], notice: bench.notice() }));
      assertEqual((await bench.storage.groups.find(twin))?.name, "group", `name of the group ${twin}`);
      const members = [...(await look(bench, id, [])).members.keys()].sort();
      assertEqual(members, ["ann", other].sort(), `members of the group ${id}`);
      assertEqual((await look(bench, twin, [])).members.size, 3, `number of members of the group ${twin}`);
    }
  });

  add("G4: of those who race to take over from the owner exactly one sees the owner they expect", async (bench) => {
    const racers = await bench.workers(8);
    const { id } = await bench.group(racers.map((_, index) => `member-${index}`));
    const results = await Promise.all(racers.map((storage, index) => handOver(storage, id, `member-${index}`)));
    assertEqual(results.filter(Boolean).length, 1, "number of those who took over");
    const heir = `member-${results.indexOf(true)}`;
    assertEqual((await bench.storage.groups.find(id))?.ownerId, heir, "the owner");
    const owners = [...(await look(bench, id, [])).members].filter(([, role]) => role === "owner");
    assertEqual(owners, [[heir, "owner"]], "those with the role of the owner");
  });

  add("G4: changes of one group by several handles at once are decided one after the other", async (bench) => {
    const { id } = await bench.group([]);
    const workers = await bench.workers(10);
    const count = ({ groups }: Storage) => {
      return groups.change(id, [], ({ group }) => ({ name: String(Number(group.name) + 1 || 1), notice: null }));
    };
    await Promise.all(workers.map(count));
    assertEqual((await bench.storage.groups.find(id))?.name, "10", "the name, counted up by each");
  });
};

/** The state a change is decided on now. */
async function look(bench: StorageBench, groupId: string, newcomers: readonly UserId[]): Promise<GroupState> {
  let seen: GroupState | null = null;
  await bench.storage.groups.change(groupId, newcomers, (state) => {
    seen = state;
    return null;
  });
  return present<GroupState>(seen, "the state");
}

/** Takes over from ann; false when she is not the owner any more. */
async function handOver({ groups }: Storage, groupId: string, heir: UserId): Promise<boolean> {
  const commit = await groups.change(groupId, [], ({ group }) => {
    if (group.ownerId !== "ann") return null;
    return {
      ownerId: heir,
      roles: new Map([
        ["ann", "member"],
        [heir, "owner"],
      ]),
      notice: null,
    };
  });
  return commit !== null;
}

async function assertUntouched(bench: StorageBench, id: string): Promise<void> {
  assertEqual(await bench.storage.groups.find(id), { id, name: "group", ownerId: "ann" }, "the group");
  assertThat(
    (await bench.storage.groups.memberships(id)).every(({ leftSeq }) => leftSeq === null),
    "nobody has left",
  );
  assertEqual(await readIds(bench.storage, "ann"), [], "ann's inbox");
}
