import type { Storage } from "../../../adapters/contracts/index.js";
import { settle } from "../../fakes/virtual-time.js";
import { assertEqual, assertRejects, assertThat } from "../assert.js";
import { commitAll } from "./commit-all.js";
import { NEAR_TWINS, ODD_IDS } from "./odd-ids.js";
import { assertRefused, assertRepeat, audienceOf, freshOf, kindsOf, receiptOf } from "./outcomes.js";
import { readIds } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";
import { together } from "./together.js";

/** Far more than anybody blocks here. */
const MANY = 5_000;

/** Who wants nothing from whom: read by the commit itself. */
export const blockCases: StorageCases = (add) => {
  add("a block has a direction, begins once and ends once, for every handle and after a restart", async (bench) => {
    const { blocks } = bench.storage;
    assertEqual([await blocks.add("bob", "ann", MANY), await blocks.add("bob", "ann", MANY)], [true, false], "adds");
    await bench.everywhere(async (storage) => {
      assertEqual([await storage.blocks.list("bob"), await storage.blocks.list("ann")], [["ann"], []], "blocks");
    });
    const later = await bench.restart();
    assertEqual(await later.blocks.remove("ann", "bob"), false, "removal the other way round");
    assertEqual(
      [await later.blocks.remove("bob", "ann"), await later.blocks.remove("bob", "ann")],
      [true, false],
      "ends",
    );
    assertEqual(await later.blocks.list("bob"), [], "blocks at the end");
  });

  add("blocks are listed by the bytes of their ids, whatever they look like", async ({ storage: { blocks } }) => {
    const ids = [...new Set([...ODD_IDS, ...NEAR_TWINS.flat()])];
    for (const id of ids) assertEqual(await blocks.add("ann", id, MANY), true, `add of ${id}`);
    assertEqual<unknown>(await blocks.list("ann"), [...ids].sort(), "ann's blocks");
    for (const id of ids) assertEqual(await blocks.remove("ann", id), true, `removal of ${id}`);
  });

  add(
    "nobody blocks more users than allowed, and one may be blocked by any number",
    async ({ storage: { blocks } }) => {
      for (const id of ["ann", "cid"]) await blocks.add("bob", id, 2);
      await assertRejects(() => blocks.add("bob", "dan", 2), "too_large", "a block too many");
      assertEqual(await blocks.list("bob"), ["ann", "cid"], "bob's blocks");
      assertEqual(await blocks.add("bob", "ann", 2), false, "a block that is there");
      for (const id of ["dan", "eve", "fay"]) assertEqual(await blocks.add(id, "ann", 2), true, `block of ${id}`);
      await blocks.remove("bob", "ann");
      assertEqual(await blocks.add("bob", "dan", 2), true, "block after an end");
    },
  );

  add("of blocks added at once no more than allowed are there", async (bench) => {
    const workers = await bench.workers(8);
    const outcomes = await Promise.allSettled(workers.map(({ blocks }, n) => blocks.add("bob", `user-${n}`, 3)));
    assertEqual(outcomes.filter(({ status }) => status === "fulfilled").length, 3, "number of blocks added");
    assertEqual((await bench.storage.blocks.list("bob")).length, 3, "number of bob's blocks");
  });

  add("who has blocked somebody is found among those asked for", async (bench) => {
    const { blocks } = bench.storage;
    for (const id of ["bob", "cid", "dan", "fay"]) await blocks.add(id, "ann", MANY);
    await blocks.remove("fay", "ann");
    await blocks.add("eve", "bob", MANY);
    await blocks.add("ann", "eve", MANY);
    await bench.everywhere(async ({ blocks: seen }) => {
      const blockers = await seen.whoHasBlocked("ann", ["eve", "cid", "bob", "cid", "fay", "nobody", "ann"]);
      assertEqual(blockers, new Set(["bob", "cid"]), "who has blocked ann");
      assertEqual((await seen.whoHasBlocked("ann", [])).size, 0, "number of blockers among nobody");
      assertEqual((await seen.whoHasBlocked("nobody", ["bob", "ann"])).size, 0, "number of blockers of nobody");
    });
  });

  add("who has blocked somebody is found among thousands", async ({ storage: { blocks } }) => {
    const userIds = Array.from({ length: 2_500 }, (_, n) => `user-${n}`);
    const blockers = ["user-0", "user-999", "user-1000", "user-2499"];
    for (const id of blockers) await blocks.add(id, "ann", MANY);
    assertEqual(await blocks.whoHasBlocked("ann", userIds), new Set(blockers), "who has blocked ann");
  });

  add("who has blocked whom is told apart by every byte of an id", async ({ storage: { blocks } }) => {
    for (const [one, other] of NEAR_TWINS) {
      await blocks.add(one, "ann", MANY);
      assertEqual(await blocks.whoHasBlocked("ann", [one, other]), new Set([one]), `blockers of ${one} and ${other}`);
      await blocks.remove(one, "ann");
    }
  });

  add("I10, I11: who is blocked is refused and leaves nothing; the other direction goes through", async (bench) => {
    await bench.storage.blocks.add("bob", "ann", MANY);
    assertRefused(await bench.commitOne(), "blocked");
    assertEqual((await bench.storage.messages.readHeads(["ann", "bob"])).heads.size, 0, "number of inboxes");
    const reply = receiptOf(await bench.commitOne({ senderId: "bob", to: "ann" }));
    assertEqual([reply.senderSeq, reply.conversationSeq], [1, 1], "numbers of a message the other way");
  });

  add("I10: a late copy is refused although the block has ended, and a new message goes through", async (bench) => {
    const uplink = bench.uplink();
    await bench.storage.blocks.add("bob", "ann", MANY);
    await bench.commit(uplink);
    await bench.storage.blocks.remove("bob", "ann");
    assertRefused((await bench.commit(uplink))[0], "blocked");
    assertRefused((await (await bench.restart()).messages.commit([uplink])).outcomes[0], "blocked");
    assertEqual(kindsOf(await commitAll(await bench.another(), [bench.uplink()])), ["stored"], "a new message");
  });

  add("I2: what was stored before a block is answered as it was", async (bench) => {
    const uplink = bench.uplink();
    const receipt = receiptOf((await bench.commit(uplink))[0]);
    await bench.storage.blocks.add("bob", "ann", MANY);
    assertRepeat((await bench.commit(uplink))[0], receipt);
  });

  add("the system and oneself are never blocked", async (bench) => {
    await bench.storage.blocks.add("bob", "bob", MANY);
    await bench.storage.blocks.add("bob", "", MANY);
    const outcomes = await bench.commit(bench.uplink({ senderId: null }), bench.uplink({ senderId: "bob" }));
    assertEqual(kindsOf(outcomes), ["stored", "stored"], "outcomes");
  });

  add("groups are not affected by blocks", async (bench) => {
    const target = await bench.group(["bob"]);
    await bench.storage.blocks.add("bob", "ann", MANY);
    assertEqual(audienceOf(freshOf(await bench.commitOne({ target })).deliveries), ["ann", "bob"], "audience");
  });

  add("K8: blocked uplinks in a batch leave the others alone", async (bench) => {
    await bench.storage.blocks.add("bob", "ann", MANY);
    await bench.storage.blocks.add("cid", "dan", MANY);
    const pairs = [
      ["ann", "bob"],
      ["ann", "cid"],
      ["dan", "cid"],
      ["dan", "bob"],
      ["bob", "ann"],
      ["ann", "bob"],
    ];
    const outcomes = await bench.commit(...pairs.map(([senderId = "", to = ""]) => bench.uplink({ senderId, to })));
    assertEqual(kindsOf(outcomes), ["refused", "stored", "refused", "stored", "stored", "refused"], "outcomes");
  });

  add("senders whose ids look alike are blocked one by one", async (bench) => {
    for (const [one, other] of NEAR_TWINS) {
      await bench.storage.blocks.add("bob", one, MANY);
      const outcomes = await bench.commit(bench.uplink({ senderId: one }), bench.uplink({ senderId: other }));
      assertEqual(kindsOf(outcomes), ["refused", "stored"], `outcomes of ${one} and ${other}`);
      await bench.storage.blocks.remove("bob", one);
    }
  });

  add("I11: nothing sent while a block lasts is stored, however many send while it comes and goes", async (bench) => {
    const race = new BlockRace(bench);
    const [blocker, ...senders] = await bench.workers(bench.effort.committers + 1);
    await together([...senders.map((storage) => race.send(storage)), race.block(blocker as Storage)]);
    race.compare(await readIds(bench.storage, "bob"));
  });

  add("of several who block at once exactly one does", async (bench) => {
    const racers = await bench.workers(8);
    const added = await Promise.all(racers.map(({ blocks }) => blocks.add("bob", "ann", MANY)));
    assertEqual(added.filter(Boolean).length, 1, "number of blocks");
    const removed = await Promise.all(racers.map(({ blocks }) => blocks.remove("bob", "ann")));
    assertEqual(removed.filter(Boolean).length, 1, "number of ends");
  });

  add("I18: a mark as restored keeps blocks", async (bench) => {
    await bench.storage.blocks.add("bob", "ann", MANY);
    await bench.storage.markRestored();
    assertEqual(await bench.storage.blocks.list("bob"), ["ann"], "bob's blocks");
  });
};

/** Bob blocks ann again and again while ann writes to him. */
class BlockRace {
  readonly #bench: StorageBench;
  /** Odd while a block lasts: from when it has resolved until its end is asked for. */
  #phase = 0;
  #isOver = false;
  #senders = 0;
  #answered = 0;
  #sentWithinOneBlock = 0;
  readonly #stored: string[] = [];

  constructor(bench: StorageBench) {
    this.#bench = bench;
  }

  async block({ blocks }: Storage): Promise<void> {
    try {
      for (let round = 0; round < this.#bench.effort.rounds / 10; round++) {
        await blocks.add("bob", "ann", MANY);
        this.#phase++;
        await this.#letThemSend();
        this.#phase++;
        await blocks.remove("bob", "ann");
        await this.#letThemSend();
      }
    } finally {
      this.#isOver = true;
    }
  }

  async send(storage: Storage): Promise<void> {
    this.#senders++;
    try {
      while (!this.#isOver) {
        await this.#sendOne(storage);
        await settle();
      }
    } finally {
      this.#senders--;
    }
  }

  compare(inbox: readonly string[]): void {
    const isTried = this.#sentWithinOneBlock > 0 && this.#stored.length > 0;
    assertThat(isTried, "messages were sent while a block lasted, and while none did");
    assertEqual([...inbox].sort(), this.#stored.sort(), "bob's inbox");
  }

  async #sendOne(storage: Storage): Promise<void> {
    const phase = this.#phase;
    const uplink = this.#bench.uplink();
    const [outcome] = await commitAll(storage, [uplink]);
    this.#answered++;
    if (outcome?.kind === "stored") this.#stored.push(uplink.messageId);
    else assertRefused(outcome, "blocked");
    if (phase % 2 === 0 || phase !== this.#phase) return;
    assertRefused(outcome, "blocked");
    this.#sentWithinOneBlock++;
  }

  async #letThemSend(): Promise<void> {
    const enough = this.#answered + 2 * this.#senders;
    while (this.#answered < enough && this.#senders > 0) await settle();
  }
}
