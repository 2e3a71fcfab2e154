import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { parseOptions } from "../../../src/adapters/kafka/options.js";
import { Taker } from "../../../src/adapters/kafka/taker.js";

/** The package, as far as a taker uses it; a consumer of it hangs where it is told to, and throws at what its own consumers throw at. */
function madeUpKafka(hangsIn: "connect" | "run" | "nothing") {
  const events = new EventEmitter();
  const state = { isRunning: false, paused: 0 };
  const step = (name: string): Promise<void> => (name === hangsIn ? new Promise(() => undefined) : Promise.resolve());
  const demandGroup = (): void => {
    if (!state.isRunning) throw new Error("Consumer group was not initialized, consumer#run must be called first");
  };
  const consumer = {
    events: { GROUP_JOIN: "join", CRASH: "crash", REQUEST_TIMEOUT: "timeout", HEARTBEAT: "heartbeat" },
    on: (name: string, listener: (event: object) => void) => events.on(name, listener),
    connect: () => step("connect"),
    subscribe: async () => undefined,
    run: async () => {
      await step("run");
      state.isRunning = true;
      events.emit("join", { payload: { memberAssignment: {} } });
    },
    pause: () => {
      demandGroup();
      state.paused++;
    },
    resume: demandGroup,
    disconnect: async () => undefined,
    commitOffsets: async () => undefined,
  };
  const admin = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    listTopics: async () => ["shyim-uplinks", "shyim-uplinks-dead"],
    createTopics: async () => true,
    fetchTopicMetadata: async () => ({ topics: [] }),
  };
  class Kafka {
    admin = () => admin;
    consumer = () => consumer;
  }
  const crash = (): void => {
    state.isRunning = false;
    events.emit("crash", { payload: { error: new Error("crashed") } });
  };
  return { state, crash, module: { Kafka, logLevel: { NOTHING: 0 }, AssignerProtocol: {} } as never };
}

function takerOn(module: never): Taker {
  const settings = parseOptions({ brokers: ["127.0.0.1:1"] });
  const services = { module, settings, redirect: (place: never) => place };
  return new Taker(
    services as never,
    async () => ({ dead: [] }),
    async () => undefined,
  );
}

const open = (taker: Taker) => taker.open(new AbortController().signal);

describe("what takes from Kafka", () => {
  it.each(["connect", "run"] as const)("D4: retires while its consumer still hangs in %s", async (hangsIn) => {
    const { module } = madeUpKafka(hangsIn);
    const taker = takerOn(module);
    void open(taker);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(taker.retire()).resolves.toBeUndefined();
  });

  it("D4: retires with a consumer that has crashed, which throws at a pause", async () => {
    const { module, crash } = madeUpKafka("nothing");
    const taker = takerOn(module);
    const session = await open(taker);
    crash();
    await expect(taker.retire()).resolves.toBeUndefined();
    await session.close();
  });

  it("pauses the consumer when it retires, so that nothing is fetched for nothing", async () => {
    const { module, state } = madeUpKafka("nothing");
    const taker = takerOn(module);
    const session = await open(taker);
    await taker.retire();
    expect(state.paused).toBe(1);
    await session.close();
  });
});
