import type { Storage } from "../../../adapters/contracts/index.js";
import type { Target, UserId } from "../../../core/model.js";
import { settle } from "../../fakes/virtual-time.js";
import { assertEqual, assertThat } from "../assert.js";
import { commitAll } from "./commit-all.js";
import { freshOf, kindsOf } from "./outcomes.js";
import { lastSeq, readIds, readPage } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";
import { together } from "./together.js";

const MEMBERS: readonly UserId[] = ["ann", ...Array.from({ length: 15 }, (_, index) => `member-${index}`)];

/** A message is in all inboxes of its audience or in none. */
export const fanOutCases: StorageCases = (add) => {
  add("I3: what a reader found in one inbox is in every other inbox of the audience", async (bench) => {
    const target = await bench.group(MEMBERS);
    const race = { finished: false };
    const readers = (await bench.workers(bench.effort.readers)).map((storage) => compareInboxes(bench, storage, race));
    const committers = await bench.workers(bench.effort.committers);
    const committing = together(committers.map((storage) => chat(bench, storage, target)));
    const finish = () => {
      race.finished = true;
    };
    await together([committing.finally(finish), ...readers]);
  });

  add("I3: a message to a group of 500 reaches all of them with one commit", async (bench) => {
    const memberIds = manyMembers(500);
    const target = await bench.group(memberIds);
    const { deliveries } = freshOf(await bench.commitOne({ target }));
    assertEqual(deliveries.length, 501, "number of deliveries");
    const { heads } = await bench.storage.messages.readHeads(memberIds);
    assertEqual([...heads.values()], Array(500).fill(1), "heads");
  });

  add("I3: a commit that answers a prefix has stored that prefix and nothing of the rest", async (bench) => {
    const target = await bench.group(manyMembers(500));
    const uplinks = Array.from({ length: 60 }, () => bench.uplink({ target }));
    const batch = uplinks.slice(0, bench.storage.commitLimits.maxUplinks);
    const { outcomes } = await bench.storage.messages.commit(batch);
    assertThat(outcomes.length >= 1 && outcomes.length <= batch.length, "a prefix of the batch is answered");
    const stored = uplinks.slice(0, outcomes.length).map((uplink) => uplink.messageId);
    for (const userId of ["ann", "user-0", "user-499"]) {
      assertEqual(await readIds(bench.storage, userId), stored, `${userId}'s inbox`);
    }
    assertEqual(kindsOf(await bench.commit(...uplinks)), Array(60).fill("stored"), "outcomes in the end");
    assertEqual(await bench.head("user-499"), 60, "head in the end");
  });
};

function manyMembers(count: number): UserId[] {
  return Array.from({ length: count }, (_, index) => `user-${index}`);
}

async function chat(bench: StorageBench, storage: Storage, target: Target): Promise<void> {
  for (let round = 0; round < bench.effort.rounds / 2; round++) {
    await commitAll(
      storage,
      Array.from({ length: bench.random.between(1, 4) }, () => bench.uplink({ target })),
    );
    if (bench.random.chance(0.5)) await settle();
  }
}

/** The members get the group's messages and nothing else, so the later reading of two must begin with the earlier. */
async function compareInboxes(
  bench: StorageBench,
  storage: Storage,
  race: { readonly finished: boolean },
): Promise<void> {
  let after = 0;
  while (!race.finished) {
    const [one, other] = [bench.random.pick(MEMBERS), bench.random.pick(MEMBERS)];
    const earlier = await readPage(storage, one, after);
    const later = await readPage(storage, other, after);
    const ids = earlier.items.map((item) => item.message.messageId);
    const begin = later.items.slice(0, ids.length).map((item) => item.message.messageId);
    assertEqual(begin, ids, `what ${other} has, against what ${one} had before`);
    after = Math.max(after, lastSeq(earlier, 0) - 3);
    await settle();
  }
}
