import type { Knex } from "knex";
import type { UserId } from "../../../core/model.js";
import type { CommitResult, Group, Notice } from "../../contracts/index.js";
import { decideNotice, noticeUplink } from "../../contracts/plan-group-change.js";
import type { Dialect } from "../dialect.js";
import { readFacts } from "../messages/commit-facts.js";
import { writeDecisions } from "../messages/write-decisions.js";

/** Decides and writes a notice as a commit does with any message; `null` when there is no message to write. */
export async function writeNotice(
  trx: Knex,
  dialect: Dialect,
  group: Group,
  notice: Notice | null,
  audience: readonly UserId[],
): Promise<CommitResult | null> {
  if (notice === null) return null;
  const facts = await readFacts(trx, [noticeUplink(group, notice)], "lock");
  const decisions = decideNotice(facts, group, notice, audience);
  if (decisions[0]?.kind !== "accept") return null;
  return { syncEpoch: facts.syncEpoch, outcomes: await writeDecisions(trx, dialect, facts, decisions) };
}
