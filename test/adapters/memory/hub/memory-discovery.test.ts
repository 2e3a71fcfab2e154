import { describe, it } from "vitest";
import { discoveryConformance } from "../../../../src/testing/conformance/discovery.js";
import { virtualHub } from "./virtual-hub.js";

discoveryConformance({ describe, it }, async () => {
  const { hub, clock } = virtualHub();
  return {
    clock,
    join: async () => {
      const link = hub.link();
      return { adapter: hub.discovery(link), cut: () => link.cut(), heal: () => link.heal() };
    },
    expire: async ({ id }) => hub.expire(id),
    flush: async () => hub.forgetNodes(),
    compact: async () => undefined,
    dispose: async () => undefined,
  };
}, ["cut", "expire", "flush", "compact"]);
