import { describe, it } from "vitest";
import { messageQueueConformance } from "../../../../src/testing/conformance/message-queue.js";
import { virtualHub } from "./virtual-hub.js";

messageQueueConformance({ describe, it }, async () => {
  const { hub, clock } = virtualHub();
  return {
    clock,
    join: async () => {
      const link = hub.link();
      return { adapter: hub.queue(link), cut: () => link.cut(), heal: () => link.heal() };
    },
    deadLetters: async () => hub.deadLetters,
    dispose: async () => undefined,
  };
}, ["cut", "dead letters"]);
