import type { ConformanceRunner } from "./runner.js";
import { blockCases } from "./storage/block-cases.js";
import { contentCases } from "./storage/content-cases.js";
import { durabilityCases } from "./storage/durability-cases.js";
import { epochCases } from "./storage/epoch-cases.js";
import { fanOutCases } from "./storage/fan-out-cases.js";
import { friendCases } from "./storage/friend-cases.js";
import { groupCases } from "./storage/group-cases.js";
import { groupChangeCases } from "./storage/group-change-cases.js";
import { headCases } from "./storage/head-cases.js";
import { historyCases } from "./storage/history-cases.js";
import { historyPageCases } from "./storage/history-page-cases.js";
import { holeHuntCases } from "./storage/hole-hunt-cases.js";
import { idCases } from "./storage/id-cases.js";
import { lifecycleCases } from "./storage/lifecycle-cases.js";
import { messageCases } from "./storage/message-cases.js";
import { noticeCases } from "./storage/notice-cases.js";
import { numberingCases } from "./storage/numbering-cases.js";
import { orderCases } from "./storage/order-cases.js";
import { ownGroupCases } from "./storage/own-group-cases.js";
import { pageCases } from "./storage/page-cases.js";
import { pageLimitCases } from "./storage/page-limit-cases.js";
import { pendingCases } from "./storage/pending-cases.js";
import { positionCases } from "./storage/position-cases.js";
import { predecessorCases } from "./storage/predecessor-cases.js";
import { refusalCases } from "./storage/refusal-cases.js";
import { removalCases } from "./storage/removal-cases.js";
import { repeatCases } from "./storage/repeat-cases.js";
import { sameKeyCases } from "./storage/same-key-cases.js";
import { stayCases } from "./storage/stay-cases.js";
import { StorageBench, type StorageEffort, type StorageFactory } from "./storage/storage-bench.js";
import type { StorageCases } from "./storage/storage-cases.js";
import { textCases } from "./storage/text-cases.js";
import { userCases } from "./storage/user-cases.js";
import { userChangeCases } from "./storage/user-change-cases.js";

export type { ApplicationUnderTest, StorageEffort, StorageFactory, StorageUnderTest } from "./storage/storage-bench.js";

const DEFAULT_EFFORT: StorageEffort = {
  seed: 1,
  committers: 12,
  readers: 8,
  rounds: 100,
  polls: 500,
  sameKeyRounds: 1_000,
};

const TOPICS: Readonly<Record<string, StorageCases>> = {
  lifecycle: lifecycleCases,
  messages: messageCases,
  durability: durabilityCases,
  content: contentCases,
  ids: idCases,
  numbering: numberingCases,
  positions: positionCases,
  "hole hunt": holeHuntCases,
  "the same key twice": sameKeyCases,
  repeats: repeatCases,
  refusals: refusalCases,
  "removals racing sends": removalCases,
  predecessors: predecessorCases,
  order: orderCases,
  epoch: epochCases,
  pages: pageCases,
  "page limits": pageLimitCases,
  heads: headCases,
  "fan-out": fanOutCases,
  groups: groupCases,
  stays: stayCases,
  "changes of groups": groupChangeCases,
  notices: noticeCases,
  "groups of a user": ownGroupCases,
  history: historyCases,
  "pages of history": historyPageCases,
  users: userCases,
  "changes of users": userChangeCases,
  friends: friendCases,
  blocks: blockCases,
  texts: textCases,
};

/**
 * Proves that a storage keeps the contract of `adapters/contracts/storage.ts`: registers about 250 cases with
 * `runner`, each on a fresh storage from `create`. The names begin with the invariant of `docs/delivery.md` they cover.
 * @param effort how hard the racing cases try; the defaults take about a second in memory
 */
export function storageConformance(
  runner: ConformanceRunner,
  create: StorageFactory,
  effort: Partial<StorageEffort> = {},
): void {
  const fullEffort = { ...DEFAULT_EFFORT, ...effort };
  for (const [topic, cases] of Object.entries(TOPICS)) register(runner, create, fullEffort, topic, cases);
}

/**
 * Proves `Storage.pendingSends`, for a storage that has it: registers about 15 cases with `runner`. What `create` gives must
 * bring an `application` with rows of its own in the same database.
 */
export function pendingSendsConformance(runner: ConformanceRunner, create: StorageFactory): void {
  register(runner, create, DEFAULT_EFFORT, "pending sends", pendingCases);
}

function register(
  runner: ConformanceRunner,
  create: StorageFactory,
  effort: StorageEffort,
  topic: string,
  cases: StorageCases,
): void {
  runner.describe(`storage: ${topic}`, () => {
    cases((name, body, begin = "started") => {
      runner.it(name, () => StorageBench.use(create, effort, begin, body));
    });
  });
}
