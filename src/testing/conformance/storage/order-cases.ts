import type { Storage, Uplink } from "../../../adapters/contracts/index.js";
import type { MessageId, Target, UserId } from "../../../core/model.js";
import { settle } from "../../fakes/virtual-time.js";
import { assertEqual, assertThat } from "../assert.js";
import { commitAll } from "./commit-all.js";
import { readAll, readIds } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";
import { together } from "./together.js";

const MEMBERS: readonly UserId[] = ["ann", "bob", "cid", "dan"];

/** Order within a conversation: the sender's, and the same one for all. */
export const orderCases: StorageCases = (add) => {
  add("I8: a chain brought by racing committers in any order is stored in its own order", async (bench) => {
    const chain = chainOf(bench, 120);
    const waiting = new Set(chain);
    const workers = await bench.workers(4);
    await together(workers.map((storage) => bringUntilStored(bench, storage, waiting)));
    assertEqual(
      await readIds(bench.storage, "bob"),
      chain.map((uplink) => uplink.messageId),
      "bob's inbox",
    );
  });

  add("I9: all members see the messages of a conversation in the order of its positions", async (bench) => {
    const targets = [await bench.group(MEMBERS), await bench.group(MEMBERS)];
    const workers = await bench.workers(bench.effort.committers);
    await together(workers.map((storage) => chat(bench, storage, targets)));
    const orders = await Promise.all(MEMBERS.map((userId) => ordersOf(bench.storage, userId, targets)));
    for (const order of orders) assertEqual(order, orders[0], "order of a member, against the first one's");
  });
};

function chainOf(bench: StorageBench, length: number): Uplink[] {
  const chain: Uplink[] = [];
  for (let i = 0; i < length; i++) chain.push(bench.uplink({ afterId: chain.at(-1)?.messageId ?? null }));
  return chain;
}

/** Brings random handfuls of what waits, in random order, until nothing does. */
async function bringUntilStored(bench: StorageBench, storage: Storage, waiting: Set<Uplink>): Promise<void> {
  const { random } = bench;
  for (let round = 0; waiting.size > 0; round++) {
    assertThat(round < 10_000, "a chain is stored after finitely many rounds");
    const near = [...waiting].slice(0, 10);
    const batch = Array.from({ length: random.between(1, 6) }, () => random.pick(near));
    const outcomes = await commitAll(storage, batch);
    batch.forEach((uplink, index) => {
      if (outcomes[index]?.kind === "stored") waiting.delete(uplink);
      else assertEqual(outcomes[index]?.kind, "out_of_order", "outcome of a link of the chain");
    });
    await settle();
  }
}

async function chat(bench: StorageBench, storage: Storage, targets: readonly Target[]): Promise<void> {
  const { random, effort } = bench;
  for (let round = 0; round < effort.rounds; round++) {
    const batch = Array.from({ length: random.between(1, 4) }, () => {
      return bench.uplink({ senderId: random.pick(MEMBERS), target: random.pick(targets) });
    });
    await commitAll(storage, batch);
    if (random.chance(0.5)) await settle();
  }
}

/** Per group the ids in inbox order, after checking that the positions run 1, 2, 3 … */
async function ordersOf(storage: Storage, userId: UserId, targets: readonly Target[]): Promise<MessageId[][]> {
  const items = await readAll(storage, userId);
  return targets.map((target) => {
    const messages = items.map((item) => item.message).filter((message) => message.target.id === target.id);
    messages.forEach((message, index) => {
      assertEqual(message.conversationSeq, index + 1, `position of message ${index} in ${userId}'s order`);
    });
    return messages.map((message) => message.messageId);
  });
}
