import type { GroupChange, Membership, Storage } from "../../../adapters/contracts/index.js";
import type { Target, UserId } from "../../../core/model.js";
import { settle } from "../../fakes/virtual-time.js";
import { assertEqual, assertThat } from "../assert.js";
import { commitAll } from "./commit-all.js";
import { addMembers, removeMember } from "./membership.js";
import { assertRefused, audienceOf, freshOf } from "./outcomes.js";
import { readAll, readIds } from "./read-all.js";
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
    await removeMember((await bench.another()).groups, target.id, "bob");
    assertEqual(audienceOf(freshOf(await bench.commitOne({ target })).deliveries), ["ann", "cid"], "audience");
    assertRefused(await bench.commitOne({ senderId: "bob", target }), "not_member");
    assertEqual(await readIds(bench.storage, "bob"), [before.messageId], "bob's inbox");
  });

  add("I11, G1: who was added gets the next message and can send", async (bench) => {
    const target = await bench.group([]);
    await bench.commitOne({ target });
    await addMembers((await bench.another()).groups, target.id, ["bob"], 10);
    const next = bench.uplink({ target, senderId: "bob" });
    assertEqual(audienceOf(freshOf((await bench.commit(next))[0]).deliveries), ["ann", "bob"], "audience");
    assertEqual(await readIds(bench.storage, "bob"), [next.messageId], "bob's inbox");
  });

  add("G5: who gets a message is who the list of members names", async (bench) => {
    const target = await bench.group(["bob", "cid", "dan"]);
    await removeMember(bench.storage.groups, target.id, "cid");
    await addMembers(bench.storage.groups, target.id, ["eve"], 10);
    const { deliveries, receipt } = freshOf(await bench.commitOne({ target }));
    const stays = await bench.storage.groups.memberships(target.id);
    assertEqual(audienceOf(deliveries), audienceAt(stays, receipt.conversationSeq), "audience");
  });

  add(
    "I4, I11: removals and additions racing sends never let a message or a notice reach the wrong members",
    async (bench) => {
      const target = await bench.group([...MOVERS]);
      const race = new MembershipRace(bench, target);
      const [mover, ...senders] = await bench.workers(bench.effort.committers + 1);
      await together([...senders.map((storage) => race.send(storage)), race.move(mover as Storage)]);
      race.compare(await bench.storage.groups.memberships(target.id));
      for (const userId of MOVERS) assertEqual(await readPositions(bench, userId), race.positionsOf(userId), userId);
    },
  );
};

/** Who has to get the message at `position`, by the stays: they began below it and ended at or after it. */
function audienceAt(stays: readonly Membership[], position: number): UserId[] {
  const inside = stays.filter((stay) => stay.joinedSeq < position && position <= (stay.leftSeq ?? position));
  return inside.map((stay) => stay.userId).sort();
}

/** The positions of an inbox's messages, which is proven dense. */
async function readPositions(bench: StorageBench, userId: UserId): Promise<number[]> {
  return (await readAll(bench.storage, userId)).map(({ message }) => message.conversationSeq);
}

/** Members come and go while others send. */
class MembershipRace {
  readonly #bench: StorageBench;
  readonly #target: Target;
  /** Users whose removal has resolved and who were not added since, with the number of that removal. */
  readonly #out = new Map<UserId, number>();
  readonly #audiences = new Map<number, readonly UserId[]>();
  #removals = 0;
  #notices = 0;
  #senders = 0;

  constructor(bench: StorageBench, target: Target) {
    this.#bench = bench;
    this.#target = target;
  }

  /** Where the messages stand whose commit named a user among those who get it. */
  positionsOf(userId: UserId): number[] {
    const theirs = [...this.#audiences].filter(([, audience]) => audience.includes(userId));
    return theirs.map(([position]) => position).sort((a, b) => a - b);
  }

  /** Removes and adds as long as anyone sends. */
  async move(storage: Storage): Promise<void> {
    do {
      const userId = this.#bench.random.pick(MOVERS);
      if (this.#out.has(userId)) {
        this.#out.delete(userId);
        await this.#change(storage, { add: [userId] });
      } else {
        await this.#change(storage, { remove: [userId] });
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

  /** Checks every audience against the stays as they stand in the end, and that messages and notices took each place once. */
  compare(stays: readonly Membership[]): void {
    assertThat(this.#removals > 0 && this.#notices > 0, "there were removals and notices to compare");
    const positions = [...this.#audiences.keys()].sort((a, b) => a - b);
    const dense = positions.map((_, index) => index + 1);
    assertEqual(positions, dense, "positions");
    for (const [position, audience] of this.#audiences) {
      assertEqual(audience, audienceAt(stays, position), `audience of the message at ${position}`);
    }
  }

  /** Every second change, on average, says what it did. */
  async #change(storage: Storage, change: Omit<GroupChange, "notice">): Promise<void> {
    const notice = this.#bench.random.chance(0.5) ? this.#bench.notice() : null;
    const commit = await storage.groups.change(this.#target.id, [], () => ({ ...change, notice }));
    for (const outcome of commit?.committed?.outcomes ?? []) {
      const { receipt, deliveries } = freshOf(outcome);
      this.#audiences.set(receipt.conversationSeq, audienceOf(deliveries));
      this.#notices++;
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
