import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import type { MessageQueue } from "../../../src/adapters/contracts/message-queue.js";
import { type RabbitQueueOptions, rabbitQueue } from "../../../src/adapters/rabbitmq/index.js";
import { NotedHost } from "../kafka/noted-host.js";
import { RabbitPlace } from "./rabbit-place.js";

const url = inject("services").rabbitmq;
const PATIENCE = { timeout: 20_000, interval: 20 };
const RECORD = { key: "s ann bob", value: Uint8Array.of(1, 2) };

describe.skipIf(url === undefined)("the ways of a queue in RabbitMQ", () => {
  let place: RabbitPlace;
  const queues: MessageQueue[] = [];

  const start = async (options: Partial<RabbitQueueOptions> = {}) => {
    const queue = rabbitQueue({ ...place.options, ...options });
    queues.push(queue);
    const taker = new NotedHost();
    queue.bind(taker);
    await queue.start();
    return { queue, taker };
  };

  beforeEach(() => {
    place = new RabbitPlace(url ?? "");
  });

  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
    await place.remove();
  });

  it("K2: what no node can take lies there with the reason and where it came from", async () => {
    const { queue, taker } = await start();
    taker.taking = async (records) => ({ dead: records.map((_, at) => at) });
    await queue.publish([RECORD]);
    await vi.waitFor(async () => expect(await place.deadLetters()).toHaveLength(1), PATIENCE);
    expect((await place.deadLetters())[0]).toMatchObject({
      key: "s ann bob",
      headers: {
        "shyim-reason": "no node can make sense of it",
        "shyim-from": expect.stringMatching(`^${place.options.exchange}\\.\\d$`),
      },
    });
  });

  it("K2: what somebody else puts into a queue is no record, and stops nothing", async () => {
    const { queue, taker } = await start({ queues: 1 });
    await place.put("no key");
    await queue.publish([RECORD]);
    await vi.waitFor(() => expect(taker.records.map(({ key }) => key)).toEqual(["s ann bob"]), PATIENCE);
    await vi.waitFor(async () => expect(await place.deadLetters()).toHaveLength(1), PATIENCE);
  });

  it("K4: the nodes share the queues, also those that come later, and no record is brought twice or overtaken", async () => {
    place = new RabbitPlace(url ?? "", 32);
    const brought: string[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const join = async () => {
      const { queue, taker } = await start();
      taker.taking = async (records) => {
        await gate;
        brought.push(...records.map(({ key, value }) => `${key} ${value[0]}`));
        return { dead: [] };
      };
      return { queue, taker };
    };
    const keys = Array.from({ length: 200 }, (_, n) => `s user-${n} bob`);
    const first = await join();
    let rounds = 0;
    const publish = (): Promise<void> => {
      const value = Uint8Array.of(rounds++ % 256);
      return first.queue.publish(keys.map((key) => ({ key, value })));
    };
    await publish();
    await vi.waitFor(() => expect(first.taker.records.length).toBeGreaterThan(0), PATIENCE);
    const later = [await join(), await join()];
    // What the first has in hand keeps its queue there, while further records come.
    for (let more = 0; more < 20; more++) await publish();
    open();
    await vi.waitFor(async () => {
      await publish();
      for (const { taker } of later) expect(taker.records.length).toBeGreaterThan(100);
    }, PATIENCE);
    await vi.waitFor(() => expect(brought).toHaveLength(rounds * keys.length), PATIENCE);
    for (const key of keys) {
      const mine = brought.filter((name) => name.startsWith(`${key} `));
      expect(mine).toEqual(Array.from({ length: rounds }, (_, n) => `${key} ${n % 256}`));
    }
  });

  it("K7: queues that are taken away are told, and made again", async () => {
    const { queue, taker } = await start();
    await place.removeQueues();
    await vi.waitFor(() => expect(taker.conditions.map(({ state }) => state)).toContain("degraded"), PATIENCE);
    await vi.waitFor(() => queue.publish([RECORD]), PATIENCE);
    await vi.waitFor(() => expect(taker.records).toHaveLength(1), PATIENCE);
  });

  it("what no waiting changes is told by start: no access, and queues of another kind", async () => {
    const stranger = new URL(place.options.url);
    stranger.password = "wrong";
    const refused = await start({ url: stranger.href }).catch((error) => error);
    expect(refused).toMatchObject({ code: "operation_failed" });
    expect(refused.message).not.toContain("wrong");
    const { exchange } = place.options;
    await start();
    await expect(start({ exchange: `${exchange}-dead`, deadLetterExchange: exchange })).rejects.toMatchObject({
      code: "operation_failed",
    });
  });

  it("a broker that is nowhere is no error of start, and told as a condition", async () => {
    const { queue, taker } = await start({ url: "amqp://127.0.0.1:1" });
    await expect(queue.publish([RECORD])).rejects.toMatchObject({ code: "unavailable" });
    expect(taker.conditions).toEqual([{ state: "down", reason: expect.stringContaining("ECONNREFUSED") }]);
  });
});
