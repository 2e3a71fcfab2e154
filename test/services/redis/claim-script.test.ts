import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type ClaimDecision, decideClaim } from "../../../src/adapters/contracts/decide-claim.js";
import type { ClaimRequest, DevicePolicy, Route } from "../../../src/adapters/contracts/presence.js";
import { routeText } from "../../../src/adapters/redis/route-text.js";
import { SCRIPTS } from "../../../src/adapters/redis/scripts.js";
import { removeKeys } from "./redis-fixture.js";

const url = inject("services").redis;
const PREFIX = `test-claims-${process.pid}:`;
const BOOKS_OF_A_RUN = 500;
const RUNS = 10;

/** What a user's book has, and who comes. */
interface Book {
  readonly known: readonly Route[];
  readonly request: ClaimRequest;
}

const policies: readonly DevicePolicy[] = ["multi", "one-per-device-kind", "single", "reject-new"];
const nodes = ["a", "b", "%d"].flatMap((id) => ["1", "2"].map((epoch) => ({ id, epoch })));
const node = fc.constantFrom(...nodes);
const connection = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 9, 10, 11),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1),
);
const route: fc.Arbitrary<Route> = fc.record({
  userId: fc.constant("ada"),
  node,
  connection,
  origin: fc.constantFrom("0000000000000001", "0000000000000002", "0000000000000003"),
  deviceKind: fc.oneof(fc.constantFrom("phone", "tablet", "", " ", '"', "手机"), fc.string({ maxLength: 64 })),
});
const book: fc.Arbitrary<Book> = fc.record({
  known: fc.array(route, { maxLength: 7 }),
  request: fc.record({
    route,
    policy: fc.constantFrom(...policies),
    maxDevices: fc.integer({ min: 1, max: 6 }),
    live: fc.subarray(nodes, { minLength: 2 }),
  }),
});

describe.skipIf(url === undefined)("the script of a claim", () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = new Redis(url ?? "");
    await redis.script("LOAD", SCRIPTS.claim.lua);
  });
  afterAll(async () => {
    await redis.quit();
    await removeKeys(url ?? "", PREFIX);
  });

  /** What the script answers and leaves behind on each book, all in one pipeline. */
  async function runAll(books: readonly Book[]): Promise<readonly unknown[]> {
    const pipeline = redis.pipeline();
    const now = Date.now();
    for (const [n, { known, request }] of books.entries()) {
      const key = `${PREFIX}${n}`;
      pipeline.del(key);
      if (known.length > 0) pipeline.rpush(key, ...known.map((each) => `${now} ${routeText(each)}`));
      const live = request.live.map(({ id, epoch }) => `${id} ${epoch}`);
      const args = ["60000", request.policy, String(request.maxDevices), routeText(request.route), ...live];
      pipeline.evalsha(SCRIPTS.claim.sha, 1, key, ...args);
      pipeline.lrange(key, 0, -1);
    }
    const results = ((await pipeline.exec()) ?? []).map(([error, result]) => error ?? result);
    return results.filter((result) => Array.isArray(result) || result instanceof Error);
  }

  it(`decides as decideClaim does, on ${BOOKS_OF_A_RUN * RUNS} books`, async () => {
    const books = fc.array(book, { minLength: BOOKS_OF_A_RUN, maxLength: BOOKS_OF_A_RUN, size: "max" });
    const granted = { yes: 0, no: 0 };
    await fc.assert(
      fc.asyncProperty(books, async (some) => {
        const results = await runAll(some);
        for (const [n, { known, request }] of some.entries()) {
          const decision = decideClaim(known, request);
          granted[decision.granted ? "yes" : "no"]++;
          expect(results[2 * n], JSON.stringify(some[n])).toEqual(answerOf(decision));
          const left = (results[2 * n + 1] as string[]).map((text) => text.replace(/^\d+ /, ""));
          expect(left).toEqual((decision.granted ? decision.kept : known).map(routeText));
        }
      }),
      // Shrinking hundreds of books takes minutes; the failure names the one.
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(Math.min(granted.yes, granted.no)).toBeGreaterThan(BOOKS_OF_A_RUN);
  });
});

function answerOf(decision: ClaimDecision): unknown {
  return decision.granted ? [1, ...decision.displaced.map(routeText)] : [0];
}
