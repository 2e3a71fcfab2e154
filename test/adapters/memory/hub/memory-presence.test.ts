import { describe, it } from "vitest";
import { ROUTE_LIFE_MS } from "../../../../src/adapters/memory/hub/memory-book.js";
import { presenceConformance } from "../../../../src/testing/conformance/presence.js";
import { virtualHub } from "./virtual-hub.js";

presenceConformance({ describe, it }, async () => {
  const { hub, clock } = virtualHub();
  return {
    clock,
    join: async () => {
      const link = hub.link();
      return { adapter: hub.presence(link), cut: () => link.cut(), heal: () => link.heal() };
    },
    flush: async () => hub.forgetRoutes(),
    routeLifeMs: ROUTE_LIFE_MS,
    dispose: async () => undefined,
  };
}, ["cut", "flush", "expiry"]);
