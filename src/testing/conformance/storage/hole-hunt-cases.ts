import type { Storage, Uplink } from "../../../adapters/contracts/index.js";
import type { MessageId, Seq, UserId } from "../../../core/model.js";
import { settle } from "../../fakes/virtual-time.js";
import { assertEqual, assertThat } from "../assert.js";
import { commitAll } from "./commit-all.js";
import { lastSeq, readPage, WHOLE } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";
import { together } from "./together.js";

/** Few and hot, so that every commit meets another one in some inbox. */
const USERS: readonly UserId[] = ["u1", "u2", "u3", "u4", "u5"];

const MAX_BATCH = 8;

/** Many committers and readers at once: what is visible of an inbox is always 1..head. */
export const holeHuntCases: StorageCases = (add) => {
  add("I4, Q1: readers with cursors see every item once, in order, however many commit", async (bench) => {
    const hunt = new Hunt(bench);
    const workers = await bench.workers(bench.effort.readers);
    const readers = workers.map((storage, index) => hunt.follow(storage, USERS[index % USERS.length] as UserId));
    const heads = hunt.watchHeads(workers.at(-1) as Storage);
    await together([hunt.commitEverything(), ...readers, heads]);
  });
};

/** One hunt: what was told to be delivered, against what each reader found. */
class Hunt {
  readonly #bench: StorageBench;
  readonly #delivered = new Map<UserId, Map<Seq, MessageId>>(USERS.map((userId) => [userId, new Map()]));
  #finished = false;

  constructor(bench: StorageBench) {
    this.#bench = bench;
  }

  /** Runs all committers to their end. */
  async commitEverything(): Promise<void> {
    const { committers } = this.#bench.effort;
    try {
      await together((await this.#bench.workers(committers)).map((storage) => this.#commit(storage)));
    } finally {
      this.#finished = true;
    }
  }

  /** Reads one inbox by its cursor until the committers are done and nothing more comes. */
  async follow(storage: Storage, userId: UserId): Promise<void> {
    const seen: MessageId[] = [];
    let head = 0;
    for (let polls = 0, more = true; more || polls < this.#bench.effort.polls; polls++) {
      const last = this.#finished;
      const maxItems = this.#bench.random.between(1, 80);
      const page = await readPage(storage, userId, seen.length, { ...WHOLE, maxItems });
      assertThat(page.headSeq >= head, `the head of ${userId} never goes back from ${head} to ${page.headSeq}`);
      head = page.headSeq;
      seen.push(...page.items.map((item) => item.message.messageId));
      assertEqual(lastSeq(page, seen.length), seen.length, "the reader's cursor");
      more = !last || page.items.length > 0;
      await settle();
    }
    this.#compare(userId, seen);
  }

  /** Reads all heads until the committers are done; none may go back. */
  async watchHeads(storage: Storage): Promise<void> {
    let before: ReadonlyMap<UserId, Seq> = new Map();
    while (!this.#finished) {
      const { heads } = await storage.messages.readHeads(USERS);
      for (const [userId, head] of before) {
        assertThat((heads.get(userId) ?? 0) >= head, `the head of ${userId} never goes below ${head}`);
      }
      before = heads;
      await settle();
    }
  }

  async #commit(storage: Storage): Promise<void> {
    const { random, effort } = this.#bench;
    for (let round = 0; round < effort.rounds; round++) {
      const batch = Array.from({ length: random.between(1, MAX_BATCH) }, () => this.#uplink());
      for (const outcome of await commitAll(storage, batch)) {
        if (outcome.kind !== "stored") continue;
        for (const { userId, seq } of outcome.fresh?.deliveries ?? []) {
          this.#note(userId, seq, outcome.receipt.messageId);
        }
      }
      if (random.chance(0.5)) await settle();
    }
  }

  /** Mostly ordinary; some that must not leave a hole where they would have been. */
  #uplink(): Uplink {
    const { random } = this.#bench;
    const uplink = this.#bench.uplink({ senderId: random.pick(USERS), to: random.pick(USERS) });
    if (random.chance(0.1)) return { ...uplink, refuse: "blocked" };
    return random.chance(0.1) ? { ...uplink, afterId: this.#bench.uplink().messageId } : uplink;
  }

  #note(userId: UserId, seq: Seq, messageId: MessageId): void {
    const inbox = this.#delivered.get(userId) as Map<Seq, MessageId>;
    assertThat(!inbox.has(seq), `seq ${seq} of ${userId} is given once`);
    inbox.set(seq, messageId);
  }

  #compare(userId: UserId, seen: readonly MessageId[]): void {
    const inbox = this.#delivered.get(userId) as Map<Seq, MessageId>;
    const expected = Array.from({ length: inbox.size }, (_, index) => inbox.get(index + 1));
    assertEqual<unknown>(seen, expected, `what a reader of ${userId} saw, against what was delivered`);
  }
}
