import type { KnexStorage } from "../../src/adapters/knex/index.js";
import { SeededRandom } from "../../src/testing/fakes/random.js";
import type { BenchSettings } from "./bench-settings.js";
import { quantile } from "./quantile.js";
import type { BenchPlace, FillWords } from "./storage-place.js";
import type { PageFigures } from "./storage-report.js";

const INBOX_ITEMS = 1_000_000;
const PAGE_ITEMS = 50;
const LIMIT = { maxItems: PAGE_ITEMS, maxBytes: 262_144 };
/** Not counted: connections are opened, statements compiled. */
const WARM_UP_READS = 10;

/** An inbox of a million, filled by the database itself, then pages of 50 anywhere in it. */
export async function measurePages(place: BenchPlace, settings: BenchSettings): Promise<PageFigures> {
  settings.say(`  filling an inbox of ${INBOX_ITEMS.toLocaleString("en")}`);
  for (const statement of fillStatements(place.words)) {
    settings.signal.throwIfAborted();
    await place.execute(statement);
  }
  return readPages(place.storage, settings);
}

async function readPages(storage: KnexStorage, { durationMs, signal }: BenchSettings): Promise<PageFigures> {
  const random = new SeededRandom(2);
  for (let reads = 0; reads < WARM_UP_READS; reads++) await readPage(storage, random);
  const durations: number[] = [];
  for (const endsAt = performance.now() + durationMs; performance.now() < endsAt; ) {
    signal.throwIfAborted();
    durations.push(await readPage(storage, random));
  }
  const [medianMs, p99Ms] = [0.5, 0.99].map((part) => Number(quantile(durations, part).toFixed(3))) as [number, number];
  return { inboxItems: INBOX_ITEMS, pageItems: PAGE_ITEMS, reads: durations.length, medianMs, p99Ms };
}

/** Gives ms. */
async function readPage(storage: KnexStorage, random: SeededRandom): Promise<number> {
  const after = random.between(0, INBOX_ITEMS - PAGE_ITEMS);
  const begin = performance.now();
  const { items } = await storage.messages.readInbox("reader", after, LIMIT);
  const duration = performance.now() - begin;
  if (items.length !== PAGE_ITEMS || items[0]?.seq !== after + 1)
    throw new Error(`a page of ${items.length} items after ${after}`);
  return duration;
}

/** The same SQL on all of them, but for the words in which they differ. */
function fillStatements({ messageId, content }: FillWords): string[] {
  return [
    `insert into shyim_message
       (id, sender_id, sender_seq, conversation, conversation_seq, type, content, server_time, client_time)
     with digit as (${Array.from({ length: 10 }, (_, d) => `select ${d} as d`).join(" union all ")}),
       number as (select 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d as n
         from digit a cross join digit b cross join digit c cross join digit e cross join digit f cross join digit g)
     select ${messageId}, 'writer', n, 's reader writer', n, 1, ${content}, 0, 0 from number order by n`,
    `insert into shyim_inbox (user_id, seq, message_row)
     select 'reader', conversation_seq, row_id from shyim_message
     where conversation = 's reader writer' order by conversation_seq`,
    `insert into shyim_inbox_head (user_id, seq, floor_seq, base_seq) values ('reader', ${INBOX_ITEMS}, 0, 0)`,
  ];
}
