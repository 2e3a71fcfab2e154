import { assertEqual, assertThat, present } from "../assert.js";
import type { MessageQueueCases } from "./queue-stage.js";
import { type RecordedTaker, refuse, type Taking, takeAll } from "./recorded-taker.js";
import { hasAll, mixedRecords, numberIn, recordOf } from "./test-records.js";

/** Refuses the first `times` stretches. */
function refuseFirst(times: number): Taking {
  let left = times;
  return (records) => (left-- > 0 ? refuse(records) : takeAll(records));
}

/** Takes all but records with an odd number, which are dead. */
const oddAreDead: Taking = async (records) => ({
  dead: records.flatMap((record, place) => (numberIn(record) % 2 === 1 ? [place] : [])),
});

const numbersOf = (taker: RecordedTaker): number[] => taker.records.map(numberIn);

/** Stretches that are not taken, and records that nobody can take. */
export const redeliveryCases: MessageQueueCases = (it) => {
  it("K1: a stretch that was rejected is brought again as it was, before anything behind it", async (stage) => {
    const taker = await stage.taker(refuseFirst(1));
    const records = [recordOf("s ann bob", 0), recordOf("s ann bob", 1), recordOf("s ann bob", 2)];
    await stage.publish(taker, records);
    await stage.publish(taker, [recordOf("s ann bob", 3)]);
    await stage.until("all were brought, some again", () => numbersOf(taker).includes(3) && taker.stretches.length > 1);
    const [rejected] = taker.stretches;
    const length = present(rejected, "the rejected stretch").length;
    assertEqual(
      numbersOf(taker).slice(length, 2 * length),
      numbersOf(taker).slice(0, length),
      "what came after the rejection",
    );
  });

  it("K3: any number of rejections ends nothing", async (stage) => {
    const taker = await stage.taker(refuseFirst(8));
    const records = mixedRecords(3, 5);
    await stage.publish(taker, records);
    await stage.until("it was rejected often", () => taker.stretches.length > 8);
    await stage.publish(taker, [recordOf("later", 0)]);
    await stage.untilBrought([...records, recordOf("later", 0)]);
  });

  it("K1: what was rejected until a node closed is brought to another", async (stage) => {
    const refusing = await stage.taker(refuse);
    const records = mixedRecords(4, 5);
    await stage.publish(refusing, records);
    await stage.until("it was rejected", () => refusing.stretches.length > 1);
    await stage.close(refusing);
    const taker = await stage.taker();
    await stage.until("all of them have come there", () => hasAll(taker.records, records));
  });

  it("K2: what can never be taken is not brought again, and stops nothing", async (stage) => {
    const taker = await stage.taker(oddAreDead);
    const records = mixedRecords(3, 6);
    await stage.publish(taker, records);
    await stage.untilBrought(records);
    await stage.publish(taker, [recordOf("later", 0)]);
    await stage.untilBrought([recordOf("later", 0)]);
    await stage.close(taker);
    const next = await stage.taker();
    await stage.publish(next, [recordOf("last", 0)]);
    await stage.until("the last has come", () => next.records.some(({ key }) => key === "last"));
    assertThat(
      next.records.every((record) => numberIn(record) % 2 === 0),
      "no dead record comes to the next node",
    );
  });

  it(
    "K2: what can never be taken lies with the dead letters, with key and value, and nothing else does",
    async (stage) => {
      const taker = await stage.taker(oddAreDead);
      const records = Array.from({ length: 6 }, (_, n) => recordOf("s ann bob", n));
      await stage.publish(taker, records);
      await stage.untilBrought(records);
      await stage.stopTaking(taker);
      const dead = await stage.deadLetters();
      assertEqual(
        dead.map(({ key }) => key),
        ["s ann bob", "s ann bob", "s ann bob"],
        "the keys of the dead letters",
      );
      assertEqual(dead.map(numberIn), [1, 3, 5], "the values of the dead letters");
    },
    "dead letters",
  );

  it("K8: a stretch of nothing but dead letters is done", async (stage) => {
    const taker = await stage.taker(async (records) => ({ dead: records.map((_, place) => place) }));
    await stage.publish(taker, [recordOf("bad", 0), recordOf("bad", 1)]);
    await stage.untilBrought([recordOf("bad", 0), recordOf("bad", 1)]);
    taker.taking = takeAll;
    await stage.publish(taker, [recordOf("bad", 2)]);
    await stage.untilBrought([recordOf("bad", 2)]);
  });
};
