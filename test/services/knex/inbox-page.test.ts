import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { KnexStorage } from "../../../src/adapters/knex/index.js";
import { SeededRandom } from "../../../src/testing/fakes/random.js";
import { fillLargeInbox, GROUP_MESSAGES, HEADS, ITEMS, renewStatistics } from "./large-inbox.js";
import { type PlanStep, planOf, type QueryPlan, type SentStatement } from "./query-plan.js";
import { ServerPlace } from "./server-place.js";

const PAGE = { maxItems: 50, maxBytes: 262_144 };
/** What a page of 50 may look at in one table, with one more to know whether there is one. */
const FEW = 60;
/** Below it lie 30 messages of bob's second stay in the group, then his first one. */
const LATE = GROUP_MESSAGES - 69;
/** Reads whose median is printed. */
const READS = 300;

/** Everything that any knex sends, the one inside the storage too. */
const sent = vi.hoisted((): SentStatement[] => []);

vi.mock("knex", async (importOriginal) => {
  const original = await importOriginal<typeof import("knex")>();
  const createKnex = (config: Knex.Config): Knex => {
    const knex = original.default(config);
    knex.on("query", ({ sql, bindings = [] }: Partial<SentStatement>) => void sent.push({ sql: sql ?? "", bindings }));
    return knex;
  };
  return { ...original, default: createKnex };
});

/** The statements that `work` sent. */
async function statementsOf(work: () => Promise<unknown>): Promise<SentStatement[]> {
  sent.length = 0;
  await work();
  return sent.splice(0);
}

/** What looked at more rows than it should have, or sorted more. */
const tooMuch = ({ steps, sorts }: QueryPlan, most = FEW): (PlanStep | number)[] => [
  ...steps.filter(({ rows }) => rows > most),
  ...sorts.filter((rows) => rows > most),
];

/** Tables of ours, but for the one of a few rows; not what the database made on the way. */
const stored = ({ steps }: QueryPlan): PlanStep[] => steps.filter(({ table }) => !/^<|meta$/.test(table));

const DATABASES = [
  { service: "mariadb", client: "mysql2", primary: /^PRIMARY$/, walk: /^(range|ref)$/ },
  { service: "postgres", client: "pg", primary: /_pkey$/, walk: /^Index (Only )?Scan$/ },
] as const;

describe.each(DATABASES)("reading from a million items on $service", ({ service, client, primary, walk }) => {
  const url = inject("services")[service] ?? "";
  describe.skipIf(url === "")("that the database put there", () => {
    let place: ServerPlace;
    let storage: KnexStorage;
    let knex: Knex;

    beforeAll(async () => {
      place = await ServerPlace.create(client, url);
      storage = place.storage();
      await storage.start();
      knex = place.knex();
      await fillLargeInbox(knex, client);
    }, 180_000);

    afterAll(async () => {
      await knex.destroy();
      await storage.close();
      await place.remove();
    });

    async function plansOf(work: () => Promise<unknown>): Promise<QueryPlan[]> {
      const plans: QueryPlan[] = [];
      for (const statement of await statementsOf(work)) plans.push(await planOf(knex, client, statement));
      return plans;
    }

    async function onlyPlanOf(work: () => Promise<unknown>): Promise<QueryPlan> {
      const [plan, ...more] = await plansOf(work);
      expect(more).toEqual([]);
      return plan as QueryPlan;
    }

    describe.each([["as they are"], ["with new statistics"]])("%s", (state) => {
      beforeAll(async () => {
        if (state === "with new statistics") await renewStatistics(knex, client);
      }, 60_000);

      it("Q8: a page is one statement that walks the inbox along its key and looks at nothing else of it", async () => {
        const plan = await onlyPlanOf(() => storage.messages.readInbox("bob", ITEMS / 2, PAGE));
        expect(tooMuch(plan)).toEqual([]);
        expect(stored(plan).filter(({ key }) => !primary.test(key ?? ""))).toEqual([]);
        expect(stored(plan).filter(({ table }) => /inbox$/.test(table))).toEqual([
          expect.objectContaining({ access: expect.stringMatching(walk) }),
        ]);
      });

      it.each([
        ["a single chat", { kind: "single", id: "ann" }, ITEMS / 2, 1],
        ["a group, the newest", { kind: "group", id: "big" }, 0, 2],
        ["a group, from one stay to the one before it", { kind: "group", id: "big" }, LATE, 4],
      ] as const)("a page of the history of %s walks the conversation's key and reads no more of it", async (...of) => {
        const [, target, before, mostStatements] = of;
        const plans = await plansOf(() => storage.messages.readConversation("bob", target, before, PAGE));
        expect(plans.flatMap((plan) => tooMuch(plan))).toEqual([]);
        const messages = plans.flatMap(stored).filter(({ table }) => /message$/.test(table));
        expect(messages.filter(({ key }) => key === null)).toEqual([]);
        expect(plans.length).toBeLessThanOrEqual(mostStatements);
      });

      it("looking for messages that wait reads no more of them than are taken", async () => {
        const statements = await statementsOf(() => storage.pendingSends.commit({ maxUplinks: 10 }));
        const looks = statements.filter(({ sql }) => /^select .* from .shyim_pending_send/.test(sql));
        expect(looks.length).toBeGreaterThan(2);
        for (const look of looks) expect(tooMuch(await planOf(knex, client, look), 10)).toEqual([]);
      });
    });

    it("500 heads are looked up by their keys", async () => {
      // Of a table that was filled a moment ago PostgreSQL knows nothing, and reads all of it for so many.
      await renewStatistics(knex, client);
      const userIds = Array.from({ length: 500 }, (_, index) => `user-${1 + index * (HEADS / 500)}`);
      const plan = await onlyPlanOf(() => storage.messages.readHeads(userIds));
      expect(tooMuch(plan, userIds.length)).toEqual([]);
      expect(stored(plan).filter(({ key }) => !primary.test(key ?? ""))).toEqual([]);
    });

    it("pages anywhere hold the next 50 items", async () => {
      const random = new SeededRandom(8);
      const durations: number[] = [];
      for (let read = 0; read < READS; read++) {
        const after = random.between(0, ITEMS - 50);
        const begin = performance.now();
        const { items, headSeq } = await storage.messages.readInbox("bob", after, PAGE);
        durations.push(performance.now() - begin);
        expect([items.length, items[0]?.seq, items.at(-1)?.seq, headSeq]).toEqual([50, after + 1, after + 50, ITEMS]);
      }
      const [median = 0] = durations.sort((a, b) => a - b).slice(READS / 2);
      console.log(`${service}: a page of 50 of ${ITEMS} takes ${median.toFixed(2)} ms (median of ${READS})`);
    }, 600_000);
  });
});
