import { handlesCase } from "./cluster/handles-case.js";
import { registerCases } from "./cluster/register-cases.js";
import { batchCases } from "./node-rpc/batch-cases.js";
import { lifecycleCases } from "./node-rpc/lifecycle-cases.js";
import { peerCases } from "./node-rpc/peer-cases.js";
import type { NodeRpcFactory, NodeRpcHarm } from "./node-rpc/rpc-fixture.js";
import { type NodeRpcCases, NodeRpcStage } from "./node-rpc/rpc-stage.js";
import type { ConformanceRunner } from "./runner.js";

export type { NodeRpcFactory, NodeRpcFixture, NodeRpcHarm } from "./node-rpc/rpc-fixture.js";

const TOPICS: Readonly<Record<string, NodeRpcCases>> = {
  "node rpc: lifecycle": lifecycleCases,
  "node rpc: batches": batchCases,
  "node rpc: peers": peerCases,
};

async function useAndClose(stage: NodeRpcStage): Promise<void> {
  const [a, b, c] = [await stage.peer(), await stage.peer(), await stage.peer()];
  await stage.send(a, b.info, Uint8Array.of(1));
  await stage.send(b, c.info, Uint8Array.of(2));
  const { info } = c;
  await stage.close(c);
  await stage.sendFails(a, info);
}

/**
 * Proves that an rpc keeps the contract of `adapters/contracts/node-rpc.ts`: registers about 20 cases with `runner`, each on a fresh
 * fixture from `create`.
 * @param harms what the fixture can do beyond making nodes; cases that need another are left out
 */
export function nodeRpcConformance(
  runner: ConformanceRunner,
  create: NodeRpcFactory,
  harms: readonly NodeRpcHarm[] = [],
): void {
  registerCases(runner, TOPICS, harms, (body) => NodeRpcStage.use(create, body));
  handlesCase(runner, "node rpc", () => NodeRpcStage.use(create, useAndClose));
}
