import type { PendingCommit, Storage, Uplink } from "../../../adapters/contracts/index.js";
import { assertEqual, assertMessage, assertRejects, assertThat, present } from "../assert.js";
import { addMembers, removeMember } from "./membership.js";
import { assertRefused, assertRepeat, freshOf, kindsOf, receiptOf } from "./outcomes.js";
import { readAll, readIds, readOnly } from "./read-all.js";
import type { ApplicationUnderTest, StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";
import { together } from "./together.js";

/** Messages that an application commits together with rows of its own. */
export const pendingCases: StorageCases = (add) => {
  add("a message put down in a transaction is delivered when that has committed, and not before", async (bench) => {
    const application = await bench.application();
    const uplink = bench.uplink();
    await putDown(bench, application, uplink);
    assertEqual(await readIds(bench.storage, "bob"), [], "bob's inbox before the delivery");
    const commit = await deliver(bench);
    const { message, deliveries } = freshOf(commit.outcomes[0]);
    assertEqual(deliveries.length, 2, "number of deliveries");
    assertMessage(await readOnly(bench.storage, "bob"), message, "bob's message");
    assertEqual(commit.uplinks[0]?.messageId, uplink.messageId, "id of the uplink told");
    assertEqual(await application.rows(), [uplink.messageId], "rows of the application");
    await assertNothingWaits(bench);
  });

  add("a rollback leaves neither the row nor the message", async (bench) => {
    const application = await bench.application();
    const uplink = bench.uplink();
    const failing = application.transaction(async (transaction) => {
      await putDownIn(bench, application, transaction, uplink);
      throw new Error("changed my mind");
    });
    await failing.catch(() => {});
    await assertNothingWaits(bench);
    assertEqual(await application.rows(), [], "rows of the application");
    assertEqual(receiptOf((await bench.commit(uplink))[0]).senderSeq, 1, "senderSeq of the same id afterwards");
  });

  add("`settled` resolves after a commit and after a rollback", async (bench) => {
    const application = await bench.application();
    for (const fails of [false, true]) {
      let settled: Promise<unknown> = Promise.reject(new Error("write gave no `settled`"));
      settled.catch(() => {});
      const transaction = application.transaction(async (trx) => {
        settled = (await bench.pendingSends().write(trx, bench.uplink())).settled;
        if (fails) throw new Error("rolled back");
      });
      await transaction.catch(() => {});
      await settled;
    }
  });

  add("I8: messages of one transaction keep their order, between those put down before and after", async (bench) => {
    const application = await bench.application();
    const uplinks = Array.from({ length: 9 }, () => bench.uplink());
    for (const three of [uplinks.slice(0, 3), uplinks.slice(3, 6), uplinks.slice(6)]) {
      await putDown(bench, application, ...three);
    }
    await deliverAll(bench);
    const expected = uplinks.map(({ messageId }) => messageId);
    assertEqual(await readIds(bench.storage, "bob"), expected, "bob's inbox");
  });

  add("a delivery takes at most maxUplinks, oldest first, and leaves the others", async (bench) => {
    const uplinks = Array.from({ length: 5 }, () => bench.uplink());
    await putDown(bench, await bench.application(), ...uplinks);
    const commit = present(await bench.pendingSends().commit({ maxUplinks: 2 }), "a delivery");
    assertEqual(commit.outcomes.length, 2, "number of outcomes");
    const expected = uplinks.slice(0, 2).map(({ messageId }) => messageId);
    assertEqual(await readIds(bench.storage, "bob"), expected, "bob's inbox");
    await deliverAll(bench);
    assertEqual((await readIds(bench.storage, "bob")).length, 5, "number of bob's items in the end");
  });

  add("I11: who may not send puts nothing down, and the transaction can go on", async (bench) => {
    const application = await bench.application();
    const target = await bench.group(["bob"]);
    await application.transaction(async (transaction) => {
      const uplink = bench.uplink({ senderId: "eve", target });
      await assertRejects(() => bench.pendingSends().write(transaction, uplink), "not_member", "write");
      await application.addRow(transaction, "kept");
    });
    assertEqual(await application.rows(), ["kept"], "rows of the application");
    await assertNothingWaits(bench);
  });

  add("I10: a right that is lost before the delivery refuses the message for good", async (bench) => {
    const target = await bench.group(["bob"]);
    const uplink = bench.uplink({ senderId: "bob", target });
    await putDown(bench, await bench.application(), uplink);
    await removeMember(bench.storage.groups, target.id, "bob");
    assertRefused((await deliver(bench)).outcomes[0], "not_member");
    assertEqual(await readIds(bench.storage, "ann"), [], "ann's inbox");
    await addMembers(bench.storage.groups, target.id, ["bob"], 10);
    assertRefused((await bench.commit(uplink))[0], "not_member");
    await assertNothingWaits(bench);
  });

  add("I10, I11: who is blocked puts nothing down, and a block before the delivery refuses for good", async (bench) => {
    const application = await bench.application();
    const uplink = bench.uplink();
    await putDown(bench, application, uplink);
    await bench.storage.blocks.add("bob", "ann");
    await application.transaction((transaction) => {
      return assertRejects(() => bench.pendingSends().write(transaction, bench.uplink()), "blocked", "write");
    });
    assertRefused((await deliver(bench)).outcomes[0], "blocked");
    await bench.storage.blocks.remove("bob", "ann");
    assertRefused((await bench.commit(uplink))[0], "blocked");
    assertEqual(await readIds(bench.storage, "bob"), [], "bob's inbox");
    await assertNothingWaits(bench);
  });

  add("I10: what was refused before is refused when it is put down", async (bench) => {
    const application = await bench.application();
    const uplink = bench.uplink({ refuse: "blocked" });
    await bench.commit(uplink);
    await application.transaction((transaction) => {
      const write = () => bench.pendingSends().write(transaction, { ...uplink, refuse: null });
      return assertRejects(write, "blocked", "write");
    });
    await assertNothingWaits(bench);
  });

  add("I2: an id that is stored already is not put down again", async (bench) => {
    const uplink = bench.uplink();
    await bench.commit(uplink);
    await putDown(bench, await bench.application(), uplink);
    await assertNothingWaits(bench);
    assertEqual((await readAll(bench.storage, "bob")).length, 1, "number of bob's items");
  });

  add("I2: an id put down in two transactions, and sent besides, makes one message", async (bench) => {
    const application = await bench.application();
    const uplink = bench.uplink();
    await putDown(bench, application, uplink);
    await putDown(bench, application, uplink);
    const receipt = receiptOf((await bench.commit(uplink))[0]);
    for (const outcome of await deliverAll(bench)) assertRepeat(outcome, receipt);
    assertEqual((await readAll(bench.storage, "bob")).length, 1, "number of bob's items");
  });

  add("I2, I4: several handles that deliver at once deliver everything once", async (bench) => {
    const application = await bench.application();
    const uplinks = Array.from({ length: 60 }, () => bench.uplink());
    for (let from = 0; from < 60; from += 5) await putDown(bench, application, ...uplinks.slice(from, from + 5));
    const fresh: string[] = [];
    const drainOne = async (storage: Storage) => {
      for (const outcome of await deliverAll(bench, storage, 3)) fresh.push(freshOf(outcome).message.messageId);
    };
    await together((await bench.workers(6)).map(drainOne));
    const expected = uplinks.map(({ messageId }) => messageId).sort();
    assertEqual(fresh.sort(), expected, "messages told as new");
    assertEqual((await readIds(bench.storage, "bob")).sort(), expected, "bob's inbox");
  });

  add(
    "a record that can never be stored is refused with the code it is told, and those behind it wait",
    async (bench) => {
      const [bad, good] = [bench.uplink(), bench.uplink()];
      await putDown(bench, await bench.application(), bad, good);
      const commit = await bench.pendingSends().commit({ maxUplinks: 1, refuse: "store_failed" });
      assertRefused(commit?.outcomes[0], "store_failed");
      assertEqual(kindsOf(await deliverAll(bench)), ["stored"], "outcomes behind it");
      assertEqual(await readIds(bench.storage, "bob"), [good.messageId], "bob's inbox");
    },
  );

  add("I1: what was put down and committed waits over a restart", async (bench) => {
    const uplink = bench.uplink({ senderId: null, content: Uint8Array.of(0, 255, 0) });
    await putDown(bench, await bench.application(), uplink);
    const storage = await bench.restart();
    assertEqual(kindsOf(await deliverAll(bench, storage)), ["stored"], "outcomes");
    const [item] = await readAll(storage, "bob");
    const { messageId, senderId, content, serverTime } = present(item, "bob's item").message;
    assertEqual([messageId, senderId, serverTime], [uplink.messageId, null, uplink.serverTime], "message");
    assertEqual([...content], [0, 255, 0], "content");
  });

  add("what is no open transaction is refused", async (bench) => {
    const application = await bench.application();
    const { write } = bench.pendingSends();
    let ended: unknown;
    await application.transaction(async (transaction) => {
      ended = transaction;
    });
    for (const wrong of [undefined, null, "trx", {}, () => {}, [], ended]) {
      const attempt = () => write.call(bench.pendingSends(), wrong, bench.uplink());
      await assertRejects(attempt, "invalid_argument", `write with ${typeof wrong}`);
    }
    await assertNothingWaits(bench);
  });

  add("a write after the close rejects with unavailable", async (bench) => {
    const application = await bench.application();
    await bench.storage.close();
    await application.transaction((transaction) => {
      return assertRejects(() => bench.pendingSends().write(transaction, bench.uplink()), "unavailable", "write");
    });
  });
};

/** One transaction of the application: a row and a message for each uplink. */
async function putDown(bench: StorageBench, application: ApplicationUnderTest, ...uplinks: readonly Uplink[]) {
  await application.transaction(async (transaction) => {
    for (const uplink of uplinks) await putDownIn(bench, application, transaction, uplink);
  });
}

async function putDownIn(
  bench: StorageBench,
  application: ApplicationUnderTest,
  transaction: unknown,
  uplink: Uplink,
): Promise<void> {
  await application.addRow(transaction, uplink.messageId);
  await bench.pendingSends().write(transaction, uplink);
}

async function deliver(bench: StorageBench): Promise<PendingCommit> {
  return present(await bench.pendingSends().commit({ maxUplinks: 10 }), "a delivery");
}

/** Delivers until nothing waits; gives all outcomes. */
async function deliverAll(bench: StorageBench, storage: Storage = bench.storage, maxUplinks = 10) {
  const outcomes: PendingCommit["outcomes"][number][] = [];
  for (;;) {
    const commit = await bench.pendingSends(storage).commit({ maxUplinks });
    if (commit === null) return outcomes;
    assertThat(commit.outcomes.length > 0, "a delivery decides at least one");
    assertEqual(commit.uplinks.length, commit.outcomes.length, "number of uplinks told");
    outcomes.push(...commit.outcomes);
  }
}

async function assertNothingWaits(bench: StorageBench): Promise<void> {
  assertEqual(await bench.pendingSends().commit({ maxUplinks: 10 }), null, "a delivery when nothing waits");
}
