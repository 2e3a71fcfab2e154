import { mkdtemp, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHistory } from "../../../src/testing/simulation/checker.js";
import type { Violation } from "../../../src/testing/simulation/checks/violation.js";
import type { FinalState, HistoryEvent } from "../../../src/testing/simulation/history.js";
import { composeNotices } from "./compose-notices.js";

/** What I12 allows beyond a heartbeat, ms. */
const STALE_SLACK_MS = 5_000;

/** What was found. */
export interface Verdict {
  /** Every breach of the contract; empty when it was kept. */
  readonly violations: readonly Violation[];
  /** All that happened, the notices of groups in their places. */
  readonly history: readonly HistoryEvent[];
}

/**
 * Judges by nothing but what was recorded and what is stored in the end, with the checker of the simulation.
 * @param heartbeatMs of the servers
 */
export function judge(events: readonly HistoryEvent[], final: FinalState, heartbeatMs: number): Verdict {
  const history = composeNotices(events, final);
  return { history, violations: checkHistory(history, final, heartbeatMs + STALE_SLACK_MS) };
}

/** Keeps a history for whoever wants to know more: a line of JSON for each event, and for each violation. Resolves with the file. */
export async function keepHistory({ history, violations }: Verdict): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "shyim-chaos-history-")), "history.jsonl");
  const file = await open(path, "w");
  const stream = file.createWriteStream();
  for (const event of history) stream.write(`${JSON.stringify(event)}\n`);
  for (const violation of violations) stream.write(`${JSON.stringify({ kind: "violation", ...violation })}\n`);
  await new Promise<void>((resolve) => stream.end(resolve));
  return path;
}
