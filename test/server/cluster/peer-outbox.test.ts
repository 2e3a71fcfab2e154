import { describe, expect, it } from "vitest";
import { PeerOutbox } from "../../../src/server/cluster/peer-outbox.js";

const MAX_NEWS = 20_000;
const MAX_OUTCOMES = 20_000;
const MAX_ORDERS = 10_000;
const ALL = Number.POSITIVE_INFINITY;

const outcome = (number: number) => {
  return { messageId: String(number), syncEpoch: "e", outcome: { kind: "out_of_order" } } as const;
};
const kick = (userId: string) => ({ userId, connection: 1, code: 4409, text: "", olderThanMs: 0, orderedAt: 0 });

/** An outbox, and how much it has had no room for. */
function openOutbox() {
  const seen = { dropped: 0 };
  const outbox = new PeerOutbox((count) => {
    seen.dropped += count;
  });
  return { outbox, seen };
}

describe("what waits to be told to another node", () => {
  it("of many items of one inbox is the place that it reaches to", () => {
    const { outbox } = openOutbox();
    for (const seq of [1, 3, 2]) outbox.addNews("e", "ann", seq);
    expect(outbox.take(ALL).news).toEqual([{ userId: "ann", seq: 3 }]);
    expect(outbox.isEmpty).toBe(true);
  });

  it("of many rechecks of one user is one", () => {
    const { outbox } = openOutbox();
    for (const userId of ["ann", "bob", "ann"]) outbox.addRecheck(userId);
    expect(outbox.take(ALL).rechecks).toEqual(["ann", "bob"]);
    expect(outbox.isEmpty).toBe(true);
  });

  it("I15: is bounded, however many inboxes there are news of; those that are known go on", () => {
    const { outbox, seen } = openOutbox();
    for (let user = 0; user < MAX_NEWS + 10; user++) outbox.addNews("e", `u${user}`, 1);
    outbox.addNews("e", "u0", 2);
    const { news } = outbox.take(ALL);
    expect(news).toHaveLength(MAX_NEWS);
    expect(news[0]).toEqual({ userId: "u0", seq: 2 });
    expect(seen.dropped).toBe(10);
  });

  it("I15: is bounded when it is put back beside what has come since, and the oldest outcomes stay", () => {
    const { outbox, seen } = openOutbox();
    for (let number = 0; number < MAX_OUTCOMES; number++) outbox.addOutcome(outcome(number));
    const batch = outbox.take(ALL);
    outbox.addOutcome(outcome(MAX_OUTCOMES));
    outbox.putBack(batch);
    const { outcomes } = outbox.take(ALL);
    expect([outcomes.length, outcomes[0]?.messageId]).toEqual([MAX_OUTCOMES, "0"]);
    expect(seen.dropped).toBe(1);
  });

  it("I15: is bounded in its orders of each kind, and what there is no room for is counted", () => {
    const { outbox, seen } = openOutbox();
    for (let user = 0; user < MAX_ORDERS + 1; user++) {
      outbox.addKick(kick(`u${user}`));
      outbox.addDismissal({ userId: `u${user}`, reason: "", olderThanMs: 0, orderedAt: 0 });
      outbox.addRecheck(`u${user}`);
    }
    const { kicks, dismissals, rechecks } = outbox.take(ALL);
    expect([kicks.length, dismissals.length, rechecks.length]).toEqual([MAX_ORDERS, MAX_ORDERS, MAX_ORDERS]);
    expect(seen.dropped).toBe(3);
  });

  it("does not lose news that are put back, however many have come since", () => {
    const { outbox, seen } = openOutbox();
    outbox.addNews("e", "ann", 9);
    const batch = outbox.take(ALL);
    for (let user = 0; user < MAX_NEWS; user++) outbox.addNews("e", `u${user}`, 1);
    outbox.putBack(batch);
    expect(outbox.take(ALL).news).toContainEqual({ userId: "ann", seq: 9 });
    expect(seen.dropped).toBe(0);
  });

  it("I18: of another history takes the place of what was left of the one before, also of what is put back", () => {
    const { outbox } = openOutbox();
    outbox.addNews("old", "ann", 9);
    const batch = outbox.take(ALL);
    outbox.addNews("new", "ann", 1);
    outbox.putBack(batch);
    const { syncEpoch, news } = outbox.take(ALL);
    expect([syncEpoch, news]).toEqual(["new", [{ userId: "ann", seq: 1 }]]);
  });

  it("is taken orders first, then outcomes, then news, as much as fits, and one at least", () => {
    const { outbox } = openOutbox();
    for (const userId of ["ann", "bob"]) outbox.addNews("e", userId, 1);
    outbox.addOutcome(outcome(1));
    outbox.addRecheck("ann");
    outbox.addKick(kick("ann"));
    const kinds: string[] = [];
    while (!outbox.isEmpty) {
      const { syncEpoch: _, ...lists } = outbox.take(1);
      kinds.push(...Object.entries(lists).flatMap(([kind, { length }]) => (length > 0 ? [`${length} ${kind}`] : [])));
    }
    expect(kinds).toEqual(["1 kicks", "1 rechecks", "1 outcomes", "1 news", "1 news"]);
  });
});
