import { handlesCase } from "./cluster/handles-case.js";
import { registerCases } from "./cluster/register-cases.js";
import type { DiscoveryFactory, DiscoveryHarm } from "./discovery/discovery-fixture.js";
import { type DiscoveryCases, DiscoveryStage } from "./discovery/discovery-stage.js";
import { harmCases } from "./discovery/harm-cases.js";
import { lifecycleCases } from "./discovery/lifecycle-cases.js";
import { viewCases } from "./discovery/view-cases.js";
import type { ConformanceRunner } from "./runner.js";

export type { DiscoveryFactory, DiscoveryFixture, DiscoveryHarm } from "./discovery/discovery-fixture.js";

const TOPICS: Readonly<Record<string, DiscoveryCases>> = {
  "discovery: lifecycle": lifecycleCases,
  "discovery: views": viewCases,
  "discovery: harm": harmCases,
};

async function useAndClose(stage: DiscoveryStage): Promise<void> {
  const [leaver, other] = [await stage.node(), await stage.node()];
  await stage.patience.until("they see each other", () => leaver.knows(other) !== undefined);
  await stage.leave(leaver);
}

/**
 * Proves that a discovery keeps the contract of `adapters/contracts/discovery.ts`: registers about 25 cases with `runner`, each on a
 * fresh fixture from `create`. On a real registry the longest takes half a minute: give the runner a timeout of a whole one.
 * @param harms what the fixture can do to its registry; cases that need another harm are left out
 */
export function discoveryConformance(
  runner: ConformanceRunner,
  create: DiscoveryFactory,
  harms: readonly DiscoveryHarm[] = [],
): void {
  registerCases(runner, TOPICS, harms, (body) => DiscoveryStage.use(create, body));
  handlesCase(runner, "discovery", () => DiscoveryStage.use(create, useAndClose));
}
