import type { QueueRecord } from "../../../adapters/contracts/message-queue.js";
import { assertBytes, assertEqual, assertThat, present } from "../assert.js";
import type { MessageQueueCases, MessageQueueStage } from "./queue-stage.js";
import { hasAll, mixedRecords, recordOf } from "./test-records.js";

const LARGEST_BYTES = 900_000;

/** Publishes records with different keys, and throws unless each comes as it was. */
async function comeUnchanged(stage: MessageQueueStage, records: readonly QueueRecord[]): Promise<void> {
  const taker = await stage.taker();
  await stage.publish(taker, records);
  const find = ({ key }: QueueRecord): QueueRecord | undefined => taker.records.find((record) => record.key === key);
  await stage.until("all have come", () => records.every((record) => find(record) !== undefined));
  for (const record of records) {
    assertBytes(present(find(record), "the record").value, record.value, `the value of "${record.key}"`);
  }
}

const ODD_KEYS: readonly string[] = [
  ...[
    "s ann bob",
    "s  bob",
    "g 1",
    " ",
    " padded ",
    "s a.b #",
    "*",
    "#",
    "a/b",
    "{}",
    "__proto__",
    "constructor",
    "%00",
    "\\",
    '"',
  ],
  ...["Key", "key", "k".repeat(200), `${"k".repeat(199)}y`],
];

/** What goes in comes out: all of it, unchanged, in the order of its key. */
export const recordCases: MessageQueueCases = (it) => {
  it("brings what was published, byte by byte", (stage) =>
    comeUnchanged(stage, [{ key: "s ann bob", value: Uint8Array.from({ length: 256 }, (_, byte) => byte) }]));

  it("S26: keys with spaces, or with a meaning to somebody, are keys like any other", (stage) =>
    comeUnchanged(
      stage,
      ODD_KEYS.map((key, n) => ({ key, value: Uint8Array.of(n) })),
    ));

  it("U12: an empty value is a value", (stage) =>
    comeUnchanged(stage, [
      { key: "empty", value: new Uint8Array() },
      { key: "full", value: Uint8Array.of(1) },
    ]));

  it("brings a value of the largest size, beside small ones", (stage) =>
    comeUnchanged(stage, [
      { key: "small", value: Uint8Array.of(1) },
      { key: "large", value: Uint8Array.from({ length: LARGEST_BYTES }, (_, i) => (i * 31) & 0xff) },
      { key: "small too", value: Uint8Array.of(2) },
    ]));

  it("takes a view of a larger buffer as the view and nothing around it", (stage) =>
    comeUnchanged(stage, [{ key: "view", value: Uint8Array.of(9, 1, 2, 9).subarray(1, 3) }]));

  it("has bytes of its own once publish has resolved", async (stage) => {
    const publisher = await stage.taker();
    await stage.stopTaking(publisher);
    const value = Uint8Array.of(1, 2, 3);
    await stage.publish(publisher, [{ key: "mine", value }]);
    value.fill(9);
    const taker = await stage.taker();
    await stage.until("it has come", () => taker.records.length > 0);
    assertBytes(present(taker.records[0], "the record").value, Uint8Array.of(1, 2, 3), "the value");
  });

  it("hands out plain Uint8Arrays with memory of their own, whatever was published", async (stage) => {
    const handed: QueueRecord[] = [];
    const taker = await stage.taker(async (records) => {
      handed.push(...records);
      return { dead: [] };
    });
    const records = mixedRecords(3, 2);
    // Such a small Buffer is itself a view of a larger memory.
    await stage.publish(
      taker,
      records.map(({ key, value }) => ({ key, value: Buffer.from(value) })),
    );
    await stage.until("all have come", () => hasAll(handed, records));
    for (const { key, value } of handed) {
      assertThat(Object.getPrototypeOf(value) === Uint8Array.prototype, `the value of "${key}" is a plain Uint8Array`);
      assertEqual(value.buffer.byteLength, value.length, `the bytes of the memory behind the value of "${key}"`);
    }
  });

  it("publishing nothing is no error", async (stage) => {
    const taker = await stage.taker();
    await stage.publish(taker, []);
    assertEqual(stage.brought.length, 0, "records that were brought");
  });

  it("K4: brings 1,000 records that were published at once, each key in order", async (stage) => {
    const taker = await stage.taker();
    const records = mixedRecords(40, 25);
    await stage.publish(taker, records);
    await stage.untilBrought(records);
  });

  it("brings a long queue of one key in stretches of a few hundred", async (stage) => {
    const publisher = await stage.taker();
    await stage.stopTaking(publisher);
    const records = mixedRecords(1, 3_000);
    await stage.publish(publisher, records);
    await stage.taker();
    await stage.untilBrought(records);
  });

  it("K4: keeps the order of publications that did not wait for each other", async (stage) => {
    const taker = await stage.taker();
    const records = mixedRecords(5, 100);
    const publications = Array.from({ length: 100 }, (_, n) => records.slice(5 * n, 5 * n + 5));
    await Promise.all(publications.map((publication) => stage.publish(taker, publication)));
    await stage.untilBrought(records);
  });

  it("U8: what one node publishes while others do, too, is brought", async (stage) => {
    const takers = [await stage.taker(), await stage.taker(), await stage.taker()];
    const publications = takers.map((_, node) => Array.from({ length: 100 }, (_, n) => recordOf(`g ${node}`, n)));
    await Promise.all(takers.map((taker, node) => stage.publish(taker, publications[node] ?? [])));
    await stage.untilBrought(publications.flat());
  });

  it("K4: several nodes share the records, and each key stays in order", async (stage) => {
    const takers = [await stage.taker(), await stage.taker(), await stage.taker()];
    const records = mixedRecords(100, 10);
    for (let from = 0; from < records.length; from += 100) {
      await stage.publish(takers[(from / 100) % 3] ?? present(takers[0], "a node"), records.slice(from, from + 100));
    }
    await stage.until("every record was brought", () =>
      hasAll(
        takers.flatMap((taker) => taker.records),
        records,
      ),
    );
  });

  it("U11: what was published while nobody took is brought to who comes first, though the publisher is gone", async (stage) => {
    const publisher = await stage.taker();
    await stage.stopTaking(publisher);
    const records = mixedRecords(5, 10);
    await stage.publish(publisher, records);
    await stage.close(publisher);
    assertEqual(publisher.records.length, 0, "records that were brought to one that does not take");
    await stage.taker();
    await stage.untilBrought(records);
  });
};
