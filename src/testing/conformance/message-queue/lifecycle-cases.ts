import { assertEqual, assertThrows } from "../assert.js";
import type { MessageQueueCases } from "./queue-stage.js";
import { hang } from "./recorded-taker.js";
import { recordOf } from "./test-records.js";

const RECORD = recordOf("s ann bob", 1);

/** `start`, `stopTaking` and `close`, in any order. */
export const lifecycleCases: MessageQueueCases = (it) => {
  it("starts twice without harm, and takes once", async (stage) => {
    const taker = await stage.taker();
    await stage.start(taker);
    await stage.publish(taker, [RECORD]);
    await stage.untilBrought([RECORD]);
  });

  it("a bind after start throws, and what runs keeps its host", async (stage) => {
    const taker = await stage.taker();
    const stranger = { take: async () => ({ dead: [] }), onCondition: () => undefined };
    assertThrows(() => taker.queue.bind(stranger), "bind after start");
    await stage.publish(taker, [RECORD]);
    await stage.untilBrought([RECORD]);
  });

  it("D4: may stop taking at any moment of its start, and nothing is brought to it then", async (stage) => {
    const others = [];
    for (const afterMs of [0, 5, 15, 30, 60, 120, 240]) {
      const stopping = await stage.newTaker();
      const starting = stopping.queue.start();
      if (afterMs > 0) await stage.pass(afterMs);
      await stage.stopTaking(stopping);
      await stage.patience.for("the start settles", starting);
      others.push({ stopping, count: stopping.records.length });
    }
    const taker = await stage.taker();
    await stage.publish(taker, [RECORD]);
    await stage.until("it is brought", () => taker.records.length > 0);
    for (const { stopping, count } of others) assertEqual(stopping.records.length, count, "records that came after it");
  });

  it("publish before start and after close rejects with unavailable", async (stage) => {
    const taker = await stage.newTaker();
    await stage.publishFails(taker, [RECORD]);
    await stage.start(taker);
    await stage.close(taker);
    await stage.publishFails(taker, [RECORD]);
    assertEqual(stage.brought.length, 0, "records that were brought");
  });

  it("closes twice and before start without harm, and stays closed", async (stage) => {
    const [early, taker] = [await stage.newTaker(), await stage.taker()];
    await stage.close(early);
    await stage.patience.for("a start after close settles", Promise.allSettled([early.queue.start()]));
    await stage.publishFails(early, [RECORD]);
    await Promise.all([stage.close(taker), stage.close(taker)]);
    await stage.close(taker);
  });

  it("may be closed while it starts", async (stage) => {
    const taker = await stage.newTaker();
    const starting = Promise.allSettled([taker.queue.start()]);
    await stage.close(taker);
    await stage.patience.for("the start settles", starting);
  });

  it("may stop taking before start, twice, and after close", async (stage) => {
    const taker = await stage.newTaker();
    await stage.stopTaking(taker);
    await stage.close(taker);
    await stage.stopTaking(taker);
    const other = await stage.taker();
    await Promise.all([stage.stopTaking(other), stage.stopTaking(other)]);
    await stage.stopTaking(other);
  });

  it("closes while a stretch is under way that never ends, and settles who waits for that", async (stage) => {
    const taker = await stage.taker(hang);
    await stage.publish(taker, [RECORD]);
    await stage.untilBrought([RECORD]);
    const stopping = taker.queue.stopTaking();
    await stage.publish(taker, [recordOf("s ann bob", 2)]);
    await stage.close(taker);
    await stage.patience.for("stopTaking settles", stopping);
  });

  it("settles a publish under way when it closes", async (stage) => {
    const taker = await stage.taker();
    const publishing = Promise.allSettled([taker.queue.publish([RECORD])]);
    await stage.close(taker);
    await stage.patience.for("the publish settles", publishing);
  });
};
