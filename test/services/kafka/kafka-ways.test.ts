import { describe, expect, inject, it, type TestContext, vi } from "vitest";
import type { MessageQueue } from "../../../src/adapters/contracts/message-queue.js";
import { type KafkaQueueOptions, kafkaQueue } from "../../../src/adapters/kafka/index.js";
import { KafkaPlace } from "./kafka-place.js";
import { NotedHost } from "./noted-host.js";

const url = inject("services").kafka;
const PATIENCE = { timeout: 20_000, interval: 50 };

/** A place of a test's own, and a way to start queues there, which are closed when the test is over. */
function stage(onTestFinished: TestContext["onTestFinished"]) {
  const place = new KafkaPlace(url ?? "");
  const queues: MessageQueue[] = [];
  onTestFinished(async () => {
    await Promise.all(queues.map((queue) => queue.close()));
    await place.remove();
  });
  const begin = async (queue: MessageQueue) => {
    queues.push(queue);
    const taker = new NotedHost();
    queue.bind(taker);
    await queue.start();
    return { queue, taker };
  };
  const start = (options: Partial<KafkaQueueOptions> = {}) => begin(kafkaQueue({ ...place.options, ...options }));
  return { place, begin, start };
}

describe.skipIf(url === undefined)("the ways of a queue in Kafka", () => {
  it.concurrent("K2: what no node can take lies there with the reason and where it came from, before it counts as done", async ({
    onTestFinished,
  }) => {
    const { place, start } = stage(onTestFinished);
    const { queue, taker } = await start({ partitions: 1 });
    taker.taking = async (records) => ({ dead: records.map((_, at) => at) });
    await queue.publish([{ key: "s ann bob", value: Uint8Array.of(1, 2) }]);
    await vi.waitFor(async () => expect(await place.deadLetters()).toHaveLength(1), PATIENCE);
    expect((await place.deadLetters())[0]).toMatchObject({
      key: "s ann bob",
      headers: { "shyim-reason": "no node can make sense of it", "shyim-from": `${place.options.topic}/0/0` },
    });
  });

  it.concurrent("K2: what somebody else puts into the topic is no record, and stops nothing", async ({
    onTestFinished,
  }) => {
    const { place, start } = stage(onTestFinished);
    const { queue, taker } = await start({ partitions: 1 });
    await place.put(null, "no key");
    await place.put("käse", "a key of other letters");
    await place.put("s ann bob", null);
    await queue.publish([{ key: "s ann bob", value: Uint8Array.of(1) }]);
    await vi.waitFor(() => expect(taker.records.map(({ key }) => key)).toEqual(["s ann bob"]), PATIENCE);
    await vi.waitFor(async () => expect(await place.deadLetters()).toHaveLength(3), PATIENCE);
  });

  it.concurrent("P13: a node that closes leaves the group at once", async ({ onTestFinished }) => {
    const { place, start } = stage(onTestFinished);
    const [a, b] = [await start(), await start()];
    await vi.waitFor(async () => expect(await place.members()).toBe(2), PATIENCE);
    await a.queue.close();
    expect(await place.members()).toBe(1);
    await b.queue.stopTaking();
    expect(await place.members()).toBe(0);
    await b.queue.publish([{ key: "k", value: new Uint8Array() }]);
  });

  it.concurrent("a take of more than the session of the group takes the node's part away from nobody", async ({
    onTestFinished,
  }) => {
    const { place, begin, start } = stage(onTestFinished);
    const { queue, taker } = await start({ partitions: 1 });
    let end = (): void => undefined;
    taker.taking = () => new Promise((resolve) => (end = () => resolve({ dead: [] })));
    await queue.publish([{ key: "k", value: Uint8Array.of(1) }]);
    await vi.waitFor(() => expect(taker.records).toHaveLength(1), PATIENCE);
    const other = await start();
    // As long as this lasts: a node that says nothing is given up.
    const { adapter, line } = await place.queue();
    await begin(adapter);
    await vi.waitFor(async () => expect(await place.members()).toBe(3), PATIENCE);
    line.cut();
    await vi.waitFor(async () => expect(await place.members()).toBe(2), PATIENCE);
    end();
    expect([taker.records, other.taker.records].map(({ length }) => length)).toEqual([1, 0]);
    expect(taker.conditions).toEqual([{ state: "up" }]);
  });

  it.concurrent("what no waiting changes is told by start: more copies than there are brokers", async ({
    onTestFinished,
  }) => {
    const { start } = stage(onTestFinished);
    await expect(start({ replication: 9 })).rejects.toMatchObject({ code: "operation_failed" });
  });

  it("a broker that is nowhere is no error of start, and told as a condition, without a word on the console", async ({
    onTestFinished,
  }) => {
    const { start } = stage(onTestFinished);
    const words = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const complaints = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { queue, taker } = await start({ brokers: ["127.0.0.1:1"] });
    await expect(queue.publish([{ key: "k", value: new Uint8Array() }])).rejects.toMatchObject({ code: "unavailable" });
    const said = [...words.mock.calls, ...complaints.mock.calls].length;
    vi.restoreAllMocks();
    expect(said).toBe(0);
    expect(taker.conditions).toEqual([{ state: "down", reason: expect.stringContaining("ECONNREFUSED") }]);
  });

  it("sets no timers with negative delays, of which Node warns", async ({ onTestFinished }) => {
    const { start } = stage(onTestFinished);
    const delays = vi.spyOn(globalThis, "setTimeout");
    const { queue, taker } = await start();
    await queue.publish([{ key: "k", value: new Uint8Array() }]);
    await vi.waitFor(() => expect(taker.records).toHaveLength(1), PATIENCE);
    const negative = delays.mock.calls.filter(([, delayMs]) => Number(delayMs) < 0);
    vi.restoreAllMocks();
    expect(negative).toEqual([]);
  });
});
