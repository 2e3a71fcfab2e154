import type { Storage } from "../../../adapters/contracts/index.js";
import type { Message, Target } from "../../../core/model.js";
import { settle } from "../../fakes/virtual-time.js";
import { assertEqual, assertThat } from "../assert.js";
import { addMembers, removeMember } from "./membership.js";
import { WHOLE } from "./read-all.js";
import { readWhole, readWindow } from "./read-history.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";
import { together } from "./together.js";

const KIB = 1_024;
const BOB: Target = { kind: "single", id: "bob" };

/** Where a page of a conversation is cut, and that the next one follows on. */
export const historyPageCases: StorageCases = (add) => {
  add("a page of a conversation is the newest below its position, and says whether there is more", async (bench) => {
    await write(bench, 25, 10);
    const pages: readonly (readonly [before: number, first: number, count: number, hasMore: boolean])[] = [
      [0, 16, 10, true],
      [16, 6, 10, true],
      [6, 1, 5, false],
      [11, 1, 10, false],
      [26, 16, 10, true],
      [1_000, 16, 10, true],
      [Number.MAX_SAFE_INTEGER, 16, 10, true],
      [1, 0, 0, false],
    ];
    for (const [before, first, count, hasMore] of pages) {
      const page = await readWindow(bench.storage, "ann", BOB, before, 10);
      const found = [page.messages[0]?.conversationSeq ?? 0, page.messages.length, page.hasMore];
      assertEqual(found, [first, count, hasMore], `page before ${before}`);
    }
  });

  add("pages of a conversation put end to end are all of it, wherever they are cut", async (bench) => {
    for (let i = 0; i < 30; i++) await write(bench, 1, bench.random.between(0, 3 * KIB));
    for (let round = 0; round < 20; round++) {
      const draw = () => ({ maxItems: bench.random.between(1, 9), maxBytes: bench.random.between(1, 6 * KIB) });
      const messages = await readWhole(bench.storage, "bob", { kind: "single", id: "ann" }, draw);
      const expected = Array.from({ length: 30 }, (_, index) => index + 1);
      assertEqual(positionsOf(messages), expected, "positions");
    }
  });

  add("pages over several stays put end to end are each stay, wherever they are cut", async (bench) => {
    const target = await bench.group([]);
    const expected: number[] = [];
    let position = 0;
    const say = async () => {
      const content = new Uint8Array(KIB / 4);
      const uplinks = Array.from({ length: bench.random.between(0, 4) }, () => bench.uplink({ target, content }));
      await bench.commit(...uplinks);
      return uplinks.map(() => ++position);
    };
    for (let stay = 0; stay < 8; stay++) {
      await addMembers(bench.storage.groups, target.id, ["bob"], 10);
      expected.push(...(await say()));
      await removeMember(bench.storage.groups, target.id, "bob");
      await say();
    }
    for (let round = 0; round < 20; round++) {
      const draw = () => ({ maxItems: bench.random.between(1, 5), maxBytes: bench.random.between(1, KIB) });
      assertEqual(positionsOf(await readWhole(bench.storage, "bob", target, draw)), expected, "positions");
    }
  });

  add(
    "I15: a page of a conversation holds one message however large, and no second one beyond maxBytes",
    async (bench) => {
      await write(bench, 2, 10);
      await write(bench, 2, 30 * KIB);
      await write(bench, 2, 10);
      for (const [before, positions] of [
        [0, [5, 6]],
        [5, [4]],
        [4, [3]],
        [3, [1, 2]],
      ] as const) {
        const page = await readWindow(bench.storage, "ann", BOB, before, { maxItems: 100, maxBytes: 2 * KIB });
        const found = [positionsOf(page.messages), page.hasMore];
        assertEqual<unknown>(found, [positions, before !== 3], `page before ${before}`);
      }
    },
  );

  add("a page of a conversation without any limit is all of it, and one without room a message", async (bench) => {
    await write(bench, 3, 10);
    const limit = { maxItems: Infinity, maxBytes: Infinity };
    const page = await readWindow(bench.storage, "ann", BOB, 0, limit);
    assertEqual([page.messages.length, page.hasMore], [3, false], "page");
    const one = await readWindow(bench.storage, "ann", BOB, 0, { maxItems: 0, maxBytes: 0 });
    assertEqual([one.messages[0]?.conversationSeq, one.hasMore], [3, true], "page without room");
  });

  add("I11: while others send and remove, a page has no hole and nothing that is not the viewer's", async (bench) => {
    const target = await bench.group(["bob"]);
    const [mover, ...others] = await bench.workers(bench.effort.readers + 1);
    const race = { isOver: false };
    const moving = comeAndGo(bench, mover as Storage, target).finally(() => {
      race.isOver = true;
    });
    await together([moving, ...others.map((storage) => watch(storage, target, race))]);
    const theirs = await readWhole(bench.storage, "bob", target, () => WHOLE);
    assertThat(theirs.length > 0 && theirs.every(isBobs), "bob sees what was said while he was in, nothing else");
  });
};

/** Types that tell whether bob was in when it was said. */
const SAID = { whileIn: 1_000, whileOut: 1_001 };

function isBobs({ type }: Message): boolean {
  return type === SAID.whileIn;
}

async function comeAndGo(bench: StorageBench, storage: Storage, target: Target): Promise<void> {
  for (let round = 0; round < bench.effort.rounds / 4; round++) {
    await storage.messages.commit([bench.uplink({ target, type: SAID.whileIn })]);
    await removeMember(storage.groups, target.id, "bob");
    await storage.messages.commit([bench.uplink({ target, type: SAID.whileOut })]);
    await addMembers(storage.groups, target.id, ["bob"], 10);
    await settle();
  }
}

async function watch(storage: Storage, target: Target, race: { readonly isOver: boolean }): Promise<void> {
  while (!race.isOver) {
    const theirs = await readWindow(storage, "bob", target, 0, 4);
    assertThat(theirs.messages.every(isBobs), "bob sees only what was said while he was in");
    const positions = positionsOf((await readWindow(storage, "ann", target, 0, 4)).messages);
    const [first = 0] = positions;
    const dense = positions.map((_, index) => first + index);
    assertEqual(positions, dense, "positions for ann, without a hole");
    await settle();
  }
}

async function write(bench: StorageBench, count: number, bytes: number): Promise<void> {
  const content = new Uint8Array(bytes).fill(0x61);
  await bench.commit(...Array.from({ length: count }, () => bench.uplink({ content })));
}

function positionsOf(messages: readonly Message[]): number[] {
  return messages.map((message) => message.conversationSeq);
}
