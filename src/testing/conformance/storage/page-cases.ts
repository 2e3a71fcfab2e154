import type { Storage } from "../../../adapters/contracts/index.js";
import { settle } from "../../fakes/virtual-time.js";
import { assertEqual } from "../assert.js";
import { commitAll } from "./commit-all.js";
import { fill } from "./fill.js";
import { readPage } from "./read-all.js";
import type { StorageCases } from "./storage-cases.js";
import { together } from "./together.js";

/** A page is one statement about an inbox. */
export const pageCases: StorageCases = (add) => {
  add("Q8: a page begins after the cursor and names head, floor and base", async (bench) => {
    await fill(bench, 10, 10);
    const page = await readPage(bench.storage, "bob", 4);
    assertEqual(
      page.items.map((item) => item.seq),
      [5, 6, 7, 8, 9, 10],
      "seqs",
    );
    assertEqual([page.headSeq, page.floorSeq, page.baseSeq], [10, 0, 0], "head, floor and base");
  });

  add("a page of an inbox that does not exist is empty with head 0", async (bench) => {
    const page = await readPage(bench.storage, "nobody", 0);
    assertEqual([page.items.length, page.headSeq, page.floorSeq, page.baseSeq], [0, 0, 0, 0], "page");
  });

  add("a page at the head or beyond it is empty and names the head", async (bench) => {
    await fill(bench, 3, 10);
    for (const after of [3, 4, 1_000, Number.MAX_SAFE_INTEGER - 1]) {
      const page = await readPage(bench.storage, "bob", after);
      assertEqual([page.items.length, page.headSeq], [0, 3], `items and head after ${after}`);
    }
  });

  add("Q8: head and items of a page are of one moment, whoever commits meanwhile", async (bench) => {
    let committing = bench.effort.committers;
    const commit = async (storage: Storage) => {
      for (let round = 0; round < bench.effort.rounds; round++) {
        await commitAll(storage, [bench.uplink(), bench.uplink()]);
        await settle();
      }
    };
    const read = async (storage: Storage) => {
      // An uncut page that does not end at the head it names is what `readPage` objects to.
      for (let head = 0; committing > 0; await settle()) {
        head = (await readPage(storage, "bob", Math.max(0, head - 2))).headSeq;
      }
    };
    const committers = (await bench.workers(committing)).map((storage) => commit(storage).finally(() => committing--));
    const readers = (await bench.workers(bench.effort.readers)).map(read);
    await together([...committers, ...readers]);
  });
};
