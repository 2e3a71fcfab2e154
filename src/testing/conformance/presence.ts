import { handlesCase } from "./cluster/handles-case.js";
import { registerCases } from "./cluster/register-cases.js";
import { bookCases } from "./presence/book-cases.js";
import { claimCases } from "./presence/claim-cases.js";
import { harmCases } from "./presence/harm-cases.js";
import { lifecycleCases } from "./presence/lifecycle-cases.js";
import { policyCases } from "./presence/policy-cases.js";
import type { PresenceFactory, PresenceHarm } from "./presence/presence-fixture.js";
import { type PresenceCases, PresenceStage } from "./presence/presence-stage.js";
import { routeOf } from "./presence/test-routes.js";
import type { ConformanceRunner } from "./runner.js";

export type { PresenceFactory, PresenceFixture, PresenceHarm } from "./presence/presence-fixture.js";

const TOPICS: Readonly<Record<string, PresenceCases>> = {
  "presence: lifecycle": lifecycleCases,
  "presence: policies": policyCases,
  "presence: claims": claimCases,
  "presence: book": bookCases,
  "presence: harm": harmCases,
};

async function useAndClose(stage: PresenceStage): Promise<void> {
  const [a, b] = [await stage.desk(), await stage.desk()];
  await a.enter(routeOf());
  await b.assertRoutes("ada", [routeOf()]);
}

/**
 * Proves that a presence keeps the contract of `adapters/contracts/presence.ts`: registers about 60 cases with `runner`, each on a
 * fresh fixture from `create`.
 * @param harms what the fixture can do to its book; cases that need another harm are left out
 */
export function presenceConformance(
  runner: ConformanceRunner,
  create: PresenceFactory,
  harms: readonly PresenceHarm[] = [],
): void {
  registerCases(runner, TOPICS, harms, (body) => PresenceStage.use(create, body));
  handlesCase(runner, "presence", () => PresenceStage.use(create, useAndClose));
}
