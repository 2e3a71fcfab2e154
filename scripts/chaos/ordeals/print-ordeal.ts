import type { Figure } from "./ordeal.js";
import { isGood, type OrdealReport } from "./run-ordeal.js";

const WIDTH = 78;
const WORDS = 56;

/** A report for people, a line each. */
export function printOrdeal(report: OrdealReport): string[] {
  const { name, counts, violations, crashes, historyFile, figures } = report;
  const broken = Object.entries(violations).filter(([, count]) => count > 0);
  const sum = Object.values(violations).reduce((a, b) => a + b, 0);
  const classes = Object.keys(violations).length;
  return [
    "",
    `── ordeal ${name} ${"─".repeat(Math.max(0, WIDTH - name.length - 11))}`,
    ...figures.map(line),
    `  sent ${counts.sent}, acknowledged ${counts.acked}, refused ${counts.refused}, shown ${counts.shown}`,
    `  violations: ${sum} in ${classes} classes${broken.map(([kind, count]) => `; ${kind} ${count}`).join("")}`,
    ...crashes.map((text) => `  and not wanted: ${text}`),
    ...(historyFile === null ? [] : [`  the whole history: ${historyFile}`]),
    isGood(report) ? "  as promised" : "  NOT AS PROMISED",
  ];
}

function line({ what, value, unit, atMost }: Figure): string {
  const number = Math.round(value).toLocaleString("en").padStart(8);
  const bound =
    atMost === undefined ? "" : `  at most ${atMost.toLocaleString("en")}${value > atMost ? ": TOO MUCH" : ""}`;
  return `  ${what.padEnd(WORDS)}${number} ${unit.padEnd(2)}${bound}`.trimEnd();
}
