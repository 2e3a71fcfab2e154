import { describe, it } from "vitest";
import type { MemoryRpc } from "../../../../src/adapters/memory/hub/memory-rpc.js";
import { nodeRpcConformance } from "../../../../src/testing/conformance/node-rpc.js";
import { virtualHub } from "./virtual-hub.js";

nodeRpcConformance({ describe, it }, async () => {
  const { hub, clock } = virtualHub();
  const rpcs: MemoryRpc[] = [];
  return {
    clock,
    join: async (address) => {
      const link = hub.link();
      const adapter = hub.rpc(link, address === undefined ? {} : { address });
      rpcs.push(adapter);
      return { adapter, cut: () => link.cut(), heal: () => link.heal() };
    },
    deliver: async (address, userId, output) =>
      rpcs.find((rpc) => rpc.address === address)?.deliver(userId, output) ?? false,
    dispose: async () => undefined,
  };
}, ["cut", "deliver"]);
