import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BrokerQueue } from "../../../src/adapters/brokers/broker-queue.js";
import type { BrokerKind, Session } from "../../../src/adapters/brokers/halves.js";
import type { Condition } from "../../../src/adapters/contracts/nodes.js";

const never = new Promise<never>(() => undefined);
const session: Session = { broken: never, close: async () => undefined };
const works = async (): Promise<Session> => session;
const joins = (): Promise<Session> => never;

/** A queue at a broker that is made up: what opening each half comes to, one after the other; the last one stays. */
function queueOf(opens: { publishing?: (() => Promise<Session>)[]; taking?: (() => Promise<Session>)[] }) {
  const next = (list: (() => Promise<Session>)[] = [works]) => (list.length > 1 ? list.shift() : list[0])?.() ?? never;
  const taking = {
    open: () => next(opens.taking),
    settle: async () => undefined,
    retire: vi.fn(async () => undefined),
  };
  const publishing = { open: () => next(opens.publishing), publish: async () => undefined, close: () => undefined };
  const kind: BrokerKind = {
    name: "madeUpQueue",
    prepare: async () => () => ({ publishing, taking }),
    isHopeless: (error) => String(error).includes("hopeless"),
    reasonOf: (error) => String(error),
  };
  const conditions: Condition[] = [];
  const queue = new BrokerQueue(kind);
  queue.bind({ take: async () => ({ dead: [] }), onCondition: (condition) => conditions.push(condition) });
  return { queue, conditions, taking };
}

/** What a start has come to. */
function startOf(queue: BrokerQueue): { outcome: string } {
  const start = { outcome: "still waits" };
  queue.start().then(
    () => (start.outcome = "resolved"),
    (error) => (start.outcome = error.code),
  );
  return start;
}

const fails = (reason: string) => async (): Promise<Session> => {
  throw reason;
};

describe("a queue at a broker", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("starts half a second after it can publish when its group is still being shared out, and says so", async () => {
    const { queue, conditions } = queueOf({ taking: [joins] });
    const start = startOf(queue);
    await vi.advanceTimersByTimeAsync(400);
    expect(start.outcome).toBe("still waits");
    await vi.advanceTimersByTimeAsync(200);
    expect(start.outcome).toBe("resolved");
    expect(conditions).toEqual([{ state: "degraded", reason: "taking: still waits for its share of the queue" }]);
    await queue.close();
  });

  it("waits 3 s for a broker with which it cannot publish, and says nothing of what it does not know", async () => {
    const { queue, conditions } = queueOf({ publishing: [joins], taking: [joins] });
    const start = startOf(queue);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(start.outcome).toBe("still waits");
    await vi.advanceTimersByTimeAsync(200);
    expect([start.outcome, conditions]).toEqual(["resolved", []]);
    await queue.close();
  });

  it("is turned away by what no waiting changes also while it can publish, and may be started again afterwards", async () => {
    const { queue, conditions } = queueOf({ taking: [fails("hopeless"), works] });
    const first = startOf(queue);
    await vi.advanceTimersByTimeAsync(10);
    expect(first.outcome).toBe("operation_failed");
    await expect(queue.publish([{ key: "k", value: new Uint8Array() }])).rejects.toMatchObject({ code: "unavailable" });
    const second = startOf(queue);
    await vi.advanceTimersByTimeAsync(10);
    expect([second.outcome, conditions.at(-1)]).toEqual(["resolved", { state: "up" }]);
    await queue.close();
  });

  it("tells another reason when it is another one, and the same one once", async () => {
    const { queue, conditions } = queueOf({
      taking: [fails("no such host"), fails("no such host"), fails("a password")],
    });
    const start = startOf(queue);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(start.outcome).toBe("resolved");
    expect(conditions).toEqual([
      { state: "degraded", reason: "taking: no such host" },
      { state: "degraded", reason: "taking: a password" },
    ]);
    await queue.close();
  });

  it("D4: stops taking whatever goes wrong with the goodbye", async () => {
    const { queue, conditions, taking } = queueOf({});
    startOf(queue);
    await vi.advanceTimersByTimeAsync(10);
    taking.retire.mockRejectedValue(new Error("it has crashed"));
    await queue.stopTaking();
    expect(conditions).toEqual([{ state: "up" }]);
    await queue.close();
  });

  it("leaves no timer behind", async () => {
    const { queue } = queueOf({ taking: [joins] });
    startOf(queue);
    await vi.advanceTimersByTimeAsync(10);
    await queue.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
