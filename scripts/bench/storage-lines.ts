import { figure } from "./bench-settings.js";
import type { CommitFigures, Durability, PageFigures, UnmeasuredDatabase } from "./storage-report.js";

/** Heads the lines of one database. */
export function headLine(name: string, version: string, server: string, durability: Durability): string {
  const settings = Object.entries(durability.settings).map(([setting, value]) => `${setting}=${value}`);
  const verdict = durability.durable ? "a commit waits for the disk" : "NOT DURABLE";
  const note = durability.note === undefined ? "" : ` (${durability.note})`;
  return `\n${name}: ${version}, ${server}; ${verdict}${note}\n  ${settings.join(" ")}`;
}

/** Above {@link commitLine}s. */
export const COMMIT_HEADER = `  ${"batches of".padEnd(24)}messages/s  inbox rows/s  ms a commit     commits`;

/** One kind of commits. */
export function commitLine({ to, batch, commits, ...rates }: CommitFigures): string {
  const what = `${String(batch).padStart(3)} to ${to}`.padEnd(24);
  const { messagesPerSecond, inboxRowsPerSecond, medianMs } = rates;
  return `  ${what}${figure(messagesPerSecond)}    ${figure(inboxRowsPerSecond)}   ${figure(medianMs, 1)}  ${figure(commits)}`;
}

/** Pages of a large inbox. */
export function pageLine({ inboxItems, pageItems, medianMs, p99Ms, reads }: PageFigures): string {
  const where = `pages of ${pageItems} anywhere in ${inboxItems.toLocaleString("en")}`;
  return `  ${where}: median ${medianMs.toFixed(2)} ms, 99 of 100 within ${p99Ms.toFixed(2)} ms, ${reads} reads`;
}

/** Why there are no figures. */
export function unmeasuredLine({ name, outcome, reason }: UnmeasuredDatabase): string {
  return `${name}: ${outcome}, ${reason}`;
}
