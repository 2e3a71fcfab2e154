import type { Membership, Storage } from "../../../adapters/contracts/index.js";
import type { Target, UserId } from "../../../core/model.js";
import { settle } from "../../fakes/virtual-time.js";
import { assertEqual, assertThat } from "../assert.js";
import { commitAll } from "./commit-all.js";
import { assertRefused, audienceOf, freshOf } from "./outcomes.js";
import { readIds } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";
import { together } from "./together.js";

const MOVERS: readonly UserId[] = ["m1", "m2", "m3", "m4", "m5", "m6"];

/** Membership is read by the commit itself: who is out is out, who is in is in. */
export const removalCases: StorageCases = (add) => {
  add("I11, G1: nothing committed after a removal reaches the removed user, nor can they send", async (bench) => {
    const target = await bench.group(["bob", "cid"]);
    const before = bench.uplink({ target });
    await bench.commit(before);
    await (await bench.another()).groups.remove(target.id, "bob");
    assertEqual(audienceOf(freshOf(await bench.commitOne({ target })).deliveries), ["ann", "cid"], "audience");
    assertRefused(await bench.commitOne({ senderId: "bob", target }), "not_member");
    assertEqual(await readIds(bench.storage, "bob"), [before.messageId], "bob's inbox");
  });

  add("I11, G1: who was added gets the next message and can send", async (bench) => {
    const target = await bench.group([]);
    await bench.commitOne({ target });
    await (await bench.another()).groups.add(target.id, ["bob"], 10);
    const next = bench.uplink({ target, senderId: "bob" });
    assertEqual(audienceOf(freshOf((await bench.commit(next))[0]).deliveries), ["ann", "bob"], "audience");
    assertEqual(await readIds(bench.storage, "bob"), [next.messageId], "bob's inbox");
  });

  add("G5: who gets a message is who the list of members names", async (bench) => {
    const target = await bench.group(["bob", "cid", "dan"]);
    await bench.storage.groups.remove(target.id, "cid");
    await bench.storage.groups.add(target.id, ["eve"], 10);
    const { deliveries, receipt } = freshOf(await bench.commitOne({ target }));
    const stays = await bench.storage.groups.memberships(target.id);
    assertEqual(audienceOf(deliveries), audienceAt(stays, receipt.conversationSeq), "audience");
  });

  add("I11: removals and additions racing sends never let a message reach the wrong members", async (bench) => {
    const target = await bench.group([...MOVERS]);
    const race = new MembershipRace(bench, target);
    const [mover, ...senders] = await bench.workers(bench.effort.committers + 1);
    await together([...senders.map((storage) => race.send(storage)), race.move(mover as Storage)]);
    race.compare(await bench.storage.groups.memberships(target.id));
  });
};

/** Who has to get the message at `position`, by the stays: they began below it and ended at or after it. */
function audienceAt(stays: readonly Membership[], position: number): UserId[] {
  const inside = stays.filter((stay) => stay.joinedSeq < position && position <= (stay.leftSeq ?? position));
  return inside.map((stay) => stay.userId).sort();
}

/** Members come and go while others send. */
class MembershipRace {
  readonly #bench: StorageBench;
  readonly #target: Target;
  /** Users whose removal has resolved and who were not added since, with the number of that removal. */
  readonly #out = new Map<UserId, number>();
  readonly #audiences = new Map<number, readonly UserId[]>();
  #removals = 0;
  #senders = 0;

  constructor(bench: StorageBench, target: Target) {
    this.#bench = bench;
    this.#target = target;
  }

  /** Removes and adds as long as anyone sends. */
  async move(storage: Storage): Promise<void> {
    do {
      const userId = this.#bench.random.pick(MOVERS);
      if (this.#out.has(userId)) {
        this.#out.delete(userId);
        assertEqual(await storage.groups.add(this.#target.id, [userId], 100), 1, "number of users added");
      } else {
        assertEqual(await storage.groups.remove(this.#target.id, userId), true, "the stay was ended");
        this.#out.set(userId, ++this.#removals);
      }
      await settle();
    } while (this.#senders > 0);
  }

  /** Sends as various members, who may just be out. */
  async send(storage: Storage): Promise<void> {
    const { random, effort } = this.#bench;
    this.#senders++;
    try {
      for (let round = 0; round < effort.rounds; round++) {
        await this.#sendBatch(storage, random.between(1, 4));
        if (random.chance(0.7)) await settle();
      }
    } finally {
      this.#senders--;
    }
  }

  /** Checks every audience against the stays as they stand in the end. */
  compare(stays: readonly Membership[]): void {
    assertThat(this.#removals > 0 && this.#audiences.size > 0, "there were removals and messages to compare");
    for (const [position, audience] of this.#audiences) {
      assertEqual(audience, audienceAt(stays, position), `audience of the message at ${position}`);
    }
  }

  async #sendBatch(storage: Storage, size: number): Promise<void> {
    const outBefore = new Map(this.#out);
    const batch = Array.from({ length: size }, () => {
      return this.#bench.uplink({ senderId: this.#bench.random.pick(["ann", ...MOVERS]), target: this.#target });
    });
    const outcomes = await commitAll(storage, batch);
    const out = [...outBefore]
      .filter(([userId, removal]) => this.#out.get(userId) === removal)
      .map(([userId]) => userId);
    outcomes.forEach((outcome, index) => {
      const senderId = batch[index]?.senderId as UserId;
      if (outcome.kind === "stored") this.#note(freshOf(outcome), senderId, out);
      else assertRefused(outcome, "not_member");
    });
  }

  #note({ receipt, deliveries }: ReturnType<typeof freshOf>, senderId: UserId, out: readonly UserId[]): void {
    const audience = audienceOf(deliveries);
    assertThat(audience.includes(senderId), `${senderId}, whose message was stored, is in its audience`);
    for (const userId of out) {
      assertThat(!audience.includes(userId), `${userId} gets nothing committed after the removal`);
    }
    this.#audiences.set(receipt.conversationSeq, audience);
  }
}
