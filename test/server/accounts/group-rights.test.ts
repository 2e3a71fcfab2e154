import { describe, expect, it } from "vitest";
import { isImError } from "../../../src/core/errors.js";
import type { ImServer } from "../../../src/server/im-server.js";
import { openStage } from "../fixture.js";

/** Who tries. `removed` was a member once, `neighbour` owns another group and knows this one's id. */
const ACTORS = ["owner", "admin", "member", "stranger", "removed", "neighbour"] as const;
type Actor = (typeof ACTORS)[number];

/** What the try ends with: done, nothing to do, or the code of the refusal. */
type Cell = "done" | "forbidden" | "not_found";

interface Action {
  readonly name: string;
  readonly run: (im: ImServer, groupId: string, by: Actor) => Promise<unknown>;
  /** In the order of ACTORS. */
  readonly cells: readonly [Cell, Cell, Cell, Cell, Cell, Cell];
}

const OUTSIDE = ["not_found", "not_found", "not_found"] as const;

/** The whole table of rights: a row an action, a column an actor. */
const ACTIONS: readonly Action[] = [
  {
    name: "adds somebody",
    run: (im, id, by) => im.groups.add(id, ["newcomer"], { by }),
    cells: ["done", "done", "forbidden", ...OUTSIDE],
  },
  {
    name: "removes a member",
    run: (im, id, by) => im.groups.remove(id, "other-member", { by }),
    cells: ["done", "done", "forbidden", ...OUTSIDE],
  },
  {
    name: "removes an admin",
    run: (im, id, by) => im.groups.remove(id, "other-admin", { by }),
    cells: ["done", "forbidden", "forbidden", ...OUTSIDE],
  },
  {
    name: "removes the owner",
    run: (im, id, by) => im.groups.remove(id, "owner", { by }),
    cells: ["forbidden", "forbidden", "forbidden", ...OUTSIDE],
  },
  {
    name: "removes themselves",
    run: (im, id, by) => im.groups.remove(id, by, { by }),
    cells: ["forbidden", "done", "done", ...OUTSIDE],
  },
  {
    name: "leaves",
    run: (im, id, by) => im.groups.leave(id, by),
    cells: ["forbidden", "done", "done", ...OUTSIDE],
  },
  {
    name: "renames it",
    run: (im, id, by) => im.groups.rename(id, "new name", { by }),
    cells: ["done", "done", "forbidden", ...OUTSIDE],
  },
  {
    name: "makes a member an admin",
    run: (im, id, by) => im.groups.setRole(id, "other-member", "admin", { by }),
    cells: ["done", "forbidden", "forbidden", ...OUTSIDE],
  },
  {
    name: "makes an admin a member",
    run: (im, id, by) => im.groups.setRole(id, "other-admin", "member", { by }),
    cells: ["done", "forbidden", "forbidden", ...OUTSIDE],
  },
  {
    name: "hands it over",
    run: (im, id, by) => im.groups.handOver(id, "other-member", { by }),
    cells: ["done", "forbidden", "forbidden", ...OUTSIDE],
  },
  {
    name: "lists the members",
    run: (im, id, by) => im.groups.members(id, { by }),
    cells: ["done", "done", "done", ...OUTSIDE],
  },
];

const MEMBERS = ["admin", "member", "other-admin", "other-member", "removed"];

/** A group with everybody in their place, and one of the neighbour's. */
async function openGroup() {
  const { im } = await openStage();
  const { id } = await im.groups.create({ name: "name", ownerId: "owner", memberIds: MEMBERS });
  for (const userId of ["admin", "other-admin"]) await im.groups.setRole(id, userId, "admin");
  await im.groups.remove(id, "removed");
  await im.groups.create({ name: "other", ownerId: "neighbour", memberIds: [] });
  return { im, id };
}

/** The group as anybody could see it. */
async function look(im: ImServer, id: string) {
  const members = await im.groups.members(id);
  const [group] = await im.groups.of("owner");
  return { name: group?.name, members: members.map(({ userId, role }) => `${userId} ${role}`).sort() };
}

async function outcomeOf(attempt: Promise<unknown>): Promise<Cell | string> {
  try {
    await attempt;
    return "done";
  } catch (error) {
    return isImError(error) ? error.code : String(error);
  }
}

describe("S19: who may do what in a group", () => {
  for (const { name, run, cells } of ACTIONS) {
    describe(`who ${name}`, () => {
      it.each(ACTORS.map((actor, index) => [actor, cells[index] as Cell] as const))(
        "%s: %s",
        async (actor, expected) => {
          const { im, id } = await openGroup();
          const before = await look(im, id);
          expect(await outcomeOf(run(im, id, actor))).toBe(expected);
          if (expected !== "done") expect(await look(im, id)).toEqual(before);
        },
      );

      it.each(["stranger", "removed", "neighbour"] as const)(
        "%s hears the same as of a group that does not exist",
        async (actor) => {
          const { im, id } = await openGroup();
          const text = (groupId: string) =>
            run(im, groupId, actor).then(
              () => "done",
              (error: Error) => error.message.replaceAll(groupId, "…"),
            );
          expect(await text(id)).toBe(await text("nowhere"));
        },
      );
    });
  }

  it("the application itself may everything", async () => {
    const { im, id } = await openGroup();
    await im.groups.rename(id, "by the application");
    await im.groups.handOver(id, "member");
    await im.groups.remove(id, "owner");
    expect((await im.groups.members(id)).find(({ role }) => role === "owner")?.userId).toBe("member");
  });

  it("an owner who hands over stays as an admin, and there is one owner", async () => {
    const { im, id } = await openGroup();
    await im.groups.handOver(id, "member", { by: "owner" });
    const roles = (await im.groups.members(id)).map(({ userId, role }) => `${userId} ${role}`);
    expect(roles).toContain("owner admin");
    expect(roles.filter((each) => each.endsWith(" owner"))).toEqual(["member owner"]);
  });

  it("an owner who is alone may leave", async () => {
    const { im } = await openStage();
    const { id } = await im.groups.create({ name: "alone", ownerId: "owner", memberIds: [] });
    await im.groups.leave(id, "owner");
    expect(await im.groups.of("owner")).toEqual([]);
  });

  it("users create groups of their own and of nobody else", async () => {
    const { im } = await openStage();
    const group = { name: "mine", ownerId: "owner", memberIds: ["member"] };
    await expect(im.groups.create(group, { by: "member" })).rejects.toMatchObject({ code: "forbidden" });
    expect(await im.groups.of("owner")).toEqual([]);
    await im.groups.create(group, { by: "owner" });
    expect(await im.groups.of("member")).toMatchObject([{ name: "mine", role: "member" }]);
  });
});

describe("S35: bounds of groups", () => {
  it("a user is in at most maxGroupsPerUser groups, whether they create, are named or are added", async () => {
    const { im } = await openStage({ limits: { maxGroupsPerUser: 2 } });
    const group = { name: "group", ownerId: "full", memberIds: [] };
    for (let n = 0; n < 2; n++) await im.groups.create(group);
    const { id } = await im.groups.create({ ...group, ownerId: "other" });
    const tooLarge = { code: "too_large", message: /maxGroupsPerUser/ };
    await expect(im.groups.create(group)).rejects.toMatchObject(tooLarge);
    await expect(im.groups.create({ ...group, ownerId: "other", memberIds: ["full"] })).rejects.toMatchObject(tooLarge);
    await expect(im.groups.add(id, ["full"])).rejects.toMatchObject(tooLarge);
    expect((await im.groups.of("full")).length).toBe(2);
    expect((await im.groups.of("other")).length).toBe(1);
  });
});
