import type { Storage } from "../../../adapters/contracts/index.js";
import type { Target, UserId } from "../../../core/model.js";
import { assertEqual, assertMessage, assertThat } from "../assert.js";
import { addMembers, removeMember } from "./membership.js";
import { NEAR_TWINS } from "./odd-ids.js";
import { freshOf } from "./outcomes.js";
import { readWhole, readWindow } from "./read-history.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";

const BOB: Target = { kind: "single", id: "bob" };
const ANN: Target = { kind: "single", id: "ann" };

/** A conversation read backwards, as far as the viewer may see it. */
export const historyCases: StorageCases = (add) => {
  add("both of a single chat see both directions, every handle the same, as they were stored", async (bench) => {
    const stored = [await bench.commitOne(), await bench.commitOne({ senderId: "bob", to: "ann" })];
    await bench.everywhere(async (storage) => {
      for (const [viewer, target] of [
        ["ann", BOB],
        ["bob", ANN],
      ] as const) {
        const { messages, hasMore } = await readWindow(storage, viewer, target, 0, 10);
        assertEqual([messages.length, hasMore], [2, false], `${viewer}'s page`);
        for (const [index, outcome] of stored.entries()) {
          const { message } = freshOf(outcome);
          assertMessage(messages[index] ?? message, message, `message ${index} of ${viewer}'s page`);
        }
      }
    });
  });

  add("a page of a single chat holds nothing of other conversations", async (bench) => {
    await fillChats(bench);
    assertEqual(await readPositions(bench.storage, "ann", BOB), [1, 2], "ann with bob");
    assertEqual(await readPositions(bench.storage, "ann", { kind: "single", id: "cid" }), [1], "ann with cid");
    assertEqual(await readPositions(bench.storage, "cid", BOB), [], "two who never wrote");
    assertEqual(await readPositions(bench.storage, "bob", BOB), [1], "a note to oneself");
  });

  add("X9: what the system said to a user alone is not to be read as a conversation", async (bench) => {
    await bench.commitOne({ senderId: null, to: "bob" });
    for (const [viewer, id] of [
      ["bob", ""],
      ["eve", ""],
      ["eve", "bob"],
      ["", "bob"],
    ] as const) {
      assertEqual(await readPositions(bench.storage, viewer, { kind: "single", id }), [], `"${viewer}" with "${id}"`);
    }
  });

  add("users whose ids look alike have conversations of their own", async (bench) => {
    for (const [index, [one, other]] of NEAR_TWINS.entries()) {
      const me = `me-${index}`;
      await bench.commitOne({ senderId: me, to: one });
      assertEqual(await readPositions(bench.storage, me, { kind: "single", id: one }), [1], `with ${one}`);
      assertEqual(await readPositions(bench.storage, me, { kind: "single", id: other }), [], `with ${other}`);
    }
  });

  add("members see a group's messages and the system's in their order", async (bench) => {
    const target = await bench.group(["bob"]);
    await bench.commit(bench.uplink({ target }), bench.uplink({ target, senderId: null }), bench.uplink({ target }));
    await bench.storage.groups.change(target.id, [], () => ({ add: ["cid"], notice: bench.notice() }));
    assertEqual(await readPositions(bench.storage, "bob", target), [1, 2, 3, 4], "positions for bob");
    assertEqual(await readPositions(bench.storage, "cid", target), [4], "positions for a newcomer");
  });

  add("X9, I11: a stranger gets the same empty page as for a group that does not exist", async (bench) => {
    const target = await bench.group(["bob"]);
    await bench.commitOne({ target });
    const nothing = { messages: [], hasMore: false };
    for (const before of [0, 1, 2, 1_000]) {
      const missing = await readWindow(bench.storage, "eve", { kind: "group", id: "nowhere" }, before, 10);
      assertEqual<unknown>(missing, nothing, `page of no group before ${before}`);
      assertEqual<unknown>(
        await readWindow(bench.storage, "eve", target, before, 10),
        nothing,
        `page before ${before}`,
      );
    }
  });

  add("I11: a removed member sees what was theirs and nothing that came after", async (bench) => {
    const target = await bench.group(["bob"]);
    await say(bench, target, 3);
    await bench.storage.groups.change(target.id, [], () => ({ remove: ["bob"], notice: bench.notice() }));
    await say(bench, target, 3);
    await bench.everywhere(async (storage) => {
      assertEqual(await readPositions(storage, "bob", target), [1, 2, 3, 4], "positions for bob");
      assertEqual(await readPositions(storage, "ann", target), [1, 2, 3, 4, 5, 6, 7], "positions for ann");
    });
  });

  add("I11: who came back sees both stays and nothing of what lies between", async (bench) => {
    const target = await comeAndGo(bench);
    assertEqual(await readPositions(bench.storage, "bob", target), [1, 2, 6, 7], "positions for bob");
    const pages: readonly (readonly [before: number, positions: number[], hasMore: boolean])[] = [
      [0, [2, 6, 7], true],
      [8, [2, 6, 7], true],
      [7, [1, 2, 6], false],
      [6, [1, 2], false],
      [4, [1, 2], false],
      [3, [1, 2], false],
      [2, [1], false],
      [1, [], false],
    ];
    for (const [before, positions, hasMore] of pages) {
      const page = await readWindow(bench.storage, "bob", target, before, 3);
      const found = page.messages.map((message) => message.conversationSeq);
      assertEqual<unknown>([found, page.hasMore], [positions, hasMore], `page before ${before}`);
    }
  });

  add("a page that ends with a stay says whether there is an older one with messages", async (bench) => {
    const target = await comeAndGo(bench);
    assertEqual((await readWindow(bench.storage, "bob", target, 0, 2)).hasMore, true, "hasMore before the later stay");
    const late = await bench.group([]);
    await addMembers(bench.storage.groups, late.id, ["bob"], 10);
    await removeMember(bench.storage.groups, late.id, "bob");
    await say(bench, late, 2);
    await addMembers(bench.storage.groups, late.id, ["bob"], 10);
    await say(bench, late, 2);
    assertEqual((await readWindow(bench.storage, "bob", late, 0, 2)).hasMore, false, "hasMore behind an empty stay");
  });

  add("who leaves and comes back before anything is said sees what is said then", async (bench) => {
    const target = await bench.group([]);
    await say(bench, target, 1);
    for (let stay = 0; stay < 3; stay++) {
      await addMembers(bench.storage.groups, target.id, ["bob"], 10);
      if (stay < 2) await removeMember(bench.storage.groups, target.id, "bob");
    }
    await say(bench, target, 3);
    assertEqual(await readPositions(bench.storage, "bob", target), [2, 3, 4], "positions for bob");
  });

  add("who came and went a hundred times sees each message of each stay", async (bench) => {
    const target = await bench.group([]);
    for (let stay = 0; stay < 100; stay++) {
      await addMembers(bench.storage.groups, target.id, ["bob"], 10);
      if (stay % 3 === 0) await say(bench, target, 1);
      await removeMember(bench.storage.groups, target.id, "bob");
      await say(bench, target, 1);
    }
    assertEqual((await readWhole(bench.storage, "bob", target, () => 7)).length, 34, "number of messages");
  });
};

async function fillChats(bench: StorageBench): Promise<void> {
  const target = await bench.group(["bob"]);
  const [cid, fromSystem] = [bench.uplink({ to: "cid" }), bench.uplink({ senderId: null })];
  const note = bench.uplink({ senderId: "bob" });
  await bench.commit(bench.uplink(), cid, bench.uplink({ target }), fromSystem, note, bench.uplink());
}

/** Bob has the positions 1 and 2, is away for 3 to 5, and has 6 and 7. */
async function comeAndGo(bench: StorageBench): Promise<Target> {
  const target = await bench.group(["bob"]);
  await say(bench, target, 2);
  await removeMember(bench.storage.groups, target.id, "bob");
  await say(bench, target, 3);
  await addMembers(bench.storage.groups, target.id, ["bob"], 10);
  await say(bench, target, 2);
  return target;
}

async function say(bench: StorageBench, target: Target, count: number): Promise<void> {
  await bench.commit(...Array.from({ length: count }, () => bench.uplink({ target })));
}

/** All positions, read two at a time. */
async function readPositions(storage: Storage, viewerId: UserId, target: Target): Promise<number[]> {
  const messages = await readWhole(storage, viewerId, target, () => 2);
  assertThat(
    messages.every((message) => message.target.kind === target.kind),
    "every message is of that kind of conversation",
  );
  return messages.map((message) => message.conversationSeq);
}
