import { assertEqual } from "../assert.js";
import type { MessageQueueCases } from "./queue-stage.js";
import { hang, type RecordedTaker, refuse } from "./recorded-taker.js";
import { hasAll, mixedRecords, recordOf } from "./test-records.js";

const RECORDS = mixedRecords(10, 10);

/** A take that ends when it is told to. */
function heldBack(): { taking: RecordedTaker["taking"]; end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { taking: () => ended.then(() => ({ dead: [] })), end: () => end() };
}

/** Nodes that end, well or not, and brokers that are away. */
export const endCases: MessageQueueCases = (it) => {
  it("K5: what a node has in hand when it closes is brought to another", async (stage) => {
    const closing = await stage.taker(hang);
    await stage.publish(closing, RECORDS);
    await stage.until("it has something in hand", () => closing.records.length > 0);
    const other = await stage.taker();
    await stage.close(closing);
    await stage.until("the other has been brought everything", () => hasAll(other.records, RECORDS));
  });

  it("D4: a node that stops taking finishes what it has in hand, which nobody else is brought", async (stage) => {
    const { taking, end } = heldBack();
    const stopping = await stage.taker(taking);
    await stage.publish(stopping, RECORDS.slice(0, 1));
    await stage.until("it has something in hand", () => stopping.records.length > 0);
    let hasStopped = false;
    const stopped = stopping.queue.stopTaking().then(() => {
      hasStopped = true;
    });
    const other = await stage.taker();
    const later = recordOf("later", 0);
    await stage.publish(other, [later]);
    assertEqual(hasStopped, false, "whether it has stopped before its stretch has ended");
    end();
    await stage.patience.for("stopTaking", stopped);
    await stage.untilBrought([later]);
    const last = recordOf("last", 0);
    await stage.publish(stopping, [last]);
    await stage.until("the last has come", () => hasAll(other.records, [last]));
    assertEqual(hasAll(other.records, RECORDS.slice(0, 1)), false, "whether the other was brought what was finished");
    assertEqual(stopping.records.length, 1, "how many records came to the one that stopped");
  });

  it("D4: a node may stop taking while its stretch fails, which is then another's", async (stage) => {
    const stopping = await stage.taker(refuse);
    await stage.publish(stopping, RECORDS);
    await stage.until("it was brought something", () => stopping.records.length > 0);
    await stage.stopTaking(stopping);
    const count = stopping.records.length;
    const other = await stage.taker();
    await stage.until("the other has been brought everything", () => hasAll(other.records, RECORDS));
    assertEqual(stopping.records.length, count, "how many records came to the one that stopped");
  });

  it(
    "K5: what a node had in hand that ended without a goodbye is brought to another, in order",
    async (stage) => {
      const lost = await stage.taker(hang);
      await stage.publish(lost, RECORDS);
      await stage.until("it has something in hand", () => lost.records.length > 0);
      const other = await stage.taker();
      await lost.cut();
      await stage.until("the other has been brought everything", () => hasAll(other.records, RECORDS));
      await lost.heal();
    },
    "cut",
  );

  it(
    "K5: one that starts while the broker still waits for a node that is gone can publish at once, and is brought its share later",
    async (stage) => {
      const lost = await stage.taker();
      await lost.cut();
      const newcomer = await stage.newTaker();
      await stage.startAway(newcomer);
      await stage.publish(newcomer, RECORDS);
      await stage.until("it is up", () => newcomer.state === "up");
      await stage.until("it is brought everything", () => hasAll(newcomer.records, RECORDS));
      await lost.heal();
    },
    "cut",
  );

  it(
    "K6: start resolves while the broker is away, and brings records when it is there",
    async (stage) => {
      const taker = await stage.newTaker();
      await taker.cut();
      await stage.startAway(taker);
      await stage.publishFails(taker, RECORDS);
      await taker.heal();
      await stage.until("it is up", () => taker.state === "up");
      const records = [recordOf("after", 0), recordOf("after", 1)];
      await stage.publish(taker, records);
      await stage.untilBrought(records);
    },
    "cut",
  );

  it(
    "K3: publish is unavailable while the broker is away, and goes well again afterwards, as taking does",
    async (stage) => {
      const taker = await stage.taker();
      await stage.publish(taker, [recordOf("before", 0)]);
      await stage.untilBrought([recordOf("before", 0)]);
      await taker.cut();
      await stage.publishFails(taker, [recordOf("lost or not", 0)]);
      await stage.publishFails(taker, [recordOf("lost or not", 1)]);
      await stage.until("it says that something is wrong", () => taker.state !== "up");
      await taker.heal();
      await stage.until("it is up", () => taker.state === "up");
      await stage.publish(taker, [recordOf("after", 0)]);
      await stage.untilBrought([recordOf("after", 0)]);
    },
    "cut",
  );

  it(
    "K5: what a node has in hand when its line breaks is not brought to it side by side",
    async (stage) => {
      const { taking, end } = heldBack();
      const taker = await stage.taker(taking);
      await stage.publish(taker, RECORDS.slice(0, 1));
      await stage.until("it has something in hand", () => taker.records.length > 0);
      await taker.cut();
      await stage.until("it says that something is wrong", () => taker.state !== "up");
      await taker.heal();
      await stage.until("it is up", () => taker.state === "up");
      // It is given the time to be brought it again.
      for (let from = 0; from < RECORDS.length; from += 10) await stage.publish(taker, RECORDS.slice(from, from + 10));
      end();
      await stage.untilBrought(RECORDS);
    },
    "cut",
  );

  it(
    "D4: a node that has stopped taking takes nothing when the broker comes back",
    async (stage) => {
      const [stopped, taker] = [await stage.taker(), await stage.taker()];
      await stage.stopTaking(stopped);
      await stopped.cut();
      await stage.until("it says that something is wrong", () => stopped.state !== "up");
      await stopped.heal();
      await stage.until("it is up", () => stopped.state === "up");
      await stage.publish(stopped, RECORDS);
      await stage.until("the other has been brought everything", () => hasAll(taker.records, RECORDS));
      assertEqual(stopped.records.length, 0, "how many records came to the one that stopped");
    },
    "cut",
  );

  it(
    "close and stopTaking resolve while the broker is away",
    async (stage) => {
      const [taker, closing, starting] = [await stage.taker(), await stage.taker(hang), await stage.newTaker()];
      for (const each of [taker, closing, starting]) await each.cut();
      const underWay = Promise.allSettled([starting.queue.start(), closing.queue.publish([recordOf("late", 0)])]);
      await stage.stopTaking(taker);
      for (const each of [taker, closing, starting]) await stage.close(each);
      await stage.patience.for("what was under way settles", underWay);
    },
    "cut",
  );
};
