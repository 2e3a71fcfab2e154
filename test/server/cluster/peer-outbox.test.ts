import { describe, expect, it } from "vitest";
import { PeerOutbox } from "../../../src/server/cluster/peer-outbox.js";

const MAX_NEWS = 20_000;
const MAX_OUTCOMES = 20_000;

const outcome = (number: number) => {
  return { messageId: String(number), syncEpoch: "e", outcome: { kind: "out_of_order" } } as const;
};

describe("what waits to be told to another node", () => {
  it("of many items of one inbox is the place that it reaches to", () => {
    const outbox = new PeerOutbox();
    for (const seq of [1, 3, 2]) outbox.addNews("e", "ann", seq);
    expect(outbox.take().news).toEqual([{ userId: "ann", seq: 3 }]);
    expect(outbox.isEmpty).toBe(true);
  });

  it("I15: is bounded, however many inboxes there are news of; those that are known go on", () => {
    const outbox = new PeerOutbox();
    for (let user = 0; user < MAX_NEWS + 10; user++) outbox.addNews("e", `u${user}`, 1);
    outbox.addNews("e", "u0", 2);
    const { news } = outbox.take();
    expect(news).toHaveLength(MAX_NEWS);
    expect(news[0]).toEqual({ userId: "u0", seq: 2 });
  });

  it("I15: is bounded when it is put back beside what has come since, and the oldest outcomes stay", () => {
    const outbox = new PeerOutbox();
    for (let number = 0; number < MAX_OUTCOMES; number++) outbox.addOutcome(outcome(number));
    const batch = outbox.take();
    outbox.addOutcome(outcome(MAX_OUTCOMES));
    outbox.putBack(batch);
    const { outcomes } = outbox.take();
    expect([outcomes.length, outcomes[0]?.messageId]).toEqual([MAX_OUTCOMES, "0"]);
  });

  it("I18: of another history takes the place of what was left of the one before, also of what is put back", () => {
    const outbox = new PeerOutbox();
    outbox.addNews("old", "ann", 9);
    const batch = outbox.take();
    outbox.addNews("new", "ann", 1);
    outbox.putBack(batch);
    const { syncEpoch, news } = outbox.take();
    expect([syncEpoch, news]).toEqual(["new", [{ userId: "ann", seq: 1 }]]);
  });
});
