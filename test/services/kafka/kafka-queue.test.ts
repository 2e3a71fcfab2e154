import { describe, inject, it } from "vitest";
import { messageQueueConformance } from "../../../src/testing/conformance/message-queue.js";
import { KafkaPlace } from "./kafka-place.js";

const url = inject("services").kafka;

describe.skipIf(url === undefined)("Kafka", () => {
  // Most of a case is waiting for the broker: several wait side by side.
  messageQueueConformance({ describe, it: it.concurrent }, async () => {
    const place = new KafkaPlace(url ?? "");
    return {
      join: async () => {
        const { adapter, line } = await place.queue();
        return { adapter, cut: () => line.cut(), heal: () => line.heal() };
      },
      deadLetters: () => place.deadLetters(),
      dispose: () => place.remove(),
    };
  }, ["cut", "dead letters"]);
});
