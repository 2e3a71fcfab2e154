import { assertEqual, assertThat } from "../assert.js";
import { fill } from "./fill.js";
import { readPage, WHOLE } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";

const KIB = 1_024;

/** Where a page is cut, and that the next one follows on. */
export const pageLimitCases: StorageCases = (add) => {
  add("a page holds at most maxItems, and the next one follows on", async (bench) => {
    await fill(bench, 25, 10);
    for (const [after, seqs] of [
      [0, 10],
      [10, 10],
      [20, 5],
    ] as const) {
      const page = await readPage(bench.storage, "bob", after, { ...WHOLE, maxItems: 10 });
      assertEqual([page.items.length, page.headSeq], [seqs, 25], `items and head after ${after}`);
    }
  });

  add("a page without any limit, and one behind the last number there can be, are answered", async (bench) => {
    await fill(bench, 3, 10);
    const all = await bench.storage.messages.readInbox("bob", 0, { maxItems: Infinity, maxBytes: Infinity });
    assertEqual(all.items.length, 3, "number of items without a limit");
    const none = await bench.storage.messages.readInbox("bob", Number.MAX_SAFE_INTEGER, WHOLE);
    assertEqual([none.items.length, none.headSeq], [0, 3], "items and head behind the last number");
  });

  add("a page of one item goes through a whole inbox", async (bench) => {
    await fill(bench, 12, 10);
    for (let after = 0; after < 12; after++) {
      const page = await readPage(bench.storage, "bob", after, { ...WHOLE, maxItems: 1 });
      assertEqual(
        page.items.map((item) => item.seq),
        [after + 1],
        "seqs",
      );
    }
  });

  add("I15: a page of several items holds at most maxBytes of content", async (bench) => {
    await fill(bench, 40, KIB);
    for (const maxBytes of [KIB, 2 * KIB, 5 * KIB, 20 * KIB]) {
      const { items } = await readPage(bench.storage, "bob", 0, { maxItems: 1_000, maxBytes });
      const bytes = items.reduce((sum, item) => sum + item.message.content.length, 0);
      assertThat(items.length === 1 || bytes <= maxBytes, `a page of ${items.length} items fits ${maxBytes} bytes`);
      assertThat(items.length >= Math.floor(maxBytes / (2 * KIB)), `${maxBytes} bytes hold more than ${items.length}`);
    }
  });

  add("a page holds one item however large, and stops before a large one", async (bench) => {
    await fill(bench, 2, 10);
    await fill(bench, 2, 30 * KIB);
    const limit = { maxItems: 100, maxBytes: 2 * KIB };
    for (const [after, seqs] of [
      [0, [1, 2]],
      [2, [3]],
      [3, [4]],
    ] as const) {
      const page = await readPage(bench.storage, "bob", after, limit);
      assertEqual<unknown>(
        page.items.map((item) => item.seq),
        seqs,
        `seqs after ${after}`,
      );
      assertEqual(page.headSeq, 4, "head");
    }
  });

  add("I4: pages put end to end are the whole inbox, wherever they are cut", async (bench) => {
    for (let i = 0; i < 30; i++) await fill(bench, 1, bench.random.between(0, 3 * KIB));
    for (let round = 0; round < 20; round++) {
      const limit = { maxItems: bench.random.between(1, 9), maxBytes: bench.random.between(1, 6 * KIB) };
      let after = 0;
      while (after < 30) {
        const { items } = await readPage(bench.storage, "bob", after, limit);
        assertThat(items.length > 0, `a page after ${after} holds something`);
        after += items.length;
      }
      assertEqual(after, 30, "end of the last page");
    }
  });
};
