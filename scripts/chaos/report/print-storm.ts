import type { StormReport } from "./storm-report.js";

const SLOWEST = 8;
const WIDTH = 78;

/** A report for people, a line each. */
export function printStorm(report: StormReport): string[] {
  return [
    ...[
      "",
      heading(`storm, seed ${report.seed}, ${report.minutes} min, ${report.clients} clients of ${report.users} users`),
    ],
    ...operations(report),
    ...["", heading(`faults: ${sum(report.faults)}`)],
    ...faults(report),
    ...["", heading("slowest recoveries")],
    ...recoveries(report),
    ...["", heading(`violations: ${sum(report.violations)}`)],
    ...violations(report),
    ...["", verdict(report)],
  ];
}

const heading = (text: string): string => `── ${text} ${"─".repeat(Math.max(0, WIDTH - text.length - 4))}`;
const number = (value: number, width = 8): string => Math.round(value).toLocaleString("en").padStart(width);
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
/** Seconds where they say more. */
export const duration = (ms: number): string => (ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

function operations({ counts, ack, stalls, tookMs }: StormReport): string[] {
  return [
    `  sent      ${number(counts.sent)}    acknowledged ${number(counts.acked)}`,
    `  refused   ${number(counts.refused)}    unknown      ${number(counts.unknown)}`,
    `  shown     ${number(counts.shown)}`,
    `  from composing to the ACK: p50 ${duration(ack.p50)}, p99 ${duration(ack.p99)}, longest ${duration(ack.max)}`,
    `  this process was busy for: p99 ${duration(stalls.p99)}, longest ${duration(stalls.max)}; all took ${duration(tookMs)}`,
  ];
}

function faults({ faults: counts, crashes }: StormReport): string[] {
  const kinds = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...inColumns(kinds.map(([kind, count]) => `${number(count, 4)}  ${kind}`)),
    ...crashes.map((text) => `  and not wanted: ${text}`),
  ];
}

function recoveries({ recoveries: all }: StormReport): string[] {
  if (all.length === 0) return ["  none was measured"];
  return all.slice(0, SLOWEST).map(({ fault, ms, meanwhile }) => {
    const others = meanwhile.filter((other) => other !== fault);
    const during = others.length === 0 ? "" : `  (meanwhile ${others.join("; ")})`;
    return `  ${duration(ms).padStart(9)}  ${fault}${during}`;
  });
}

function violations({ violations: counts, examples, watchedShare }: StormReport): string[] {
  return [
    `  lateness was judged in ${Math.round(watchedShare * 100)} % of the time of all clients, everything else always`,
    ...inColumns(Object.entries(counts).map(([name, count]) => `${number(count, 4)}  ${name}`)),
    ...examples.map(({ class: name, operation, text }) => `  ${name}: ${operation ?? ""} ${text}`),
  ];
}

function verdict({ violations: counts, crashes, historyFile, seed, minutes }: StormReport): string {
  if (sum(counts) === 0 && crashes.length > 0) return "The contract was kept, BUT A NODE ENDED THAT NOBODY HAD ENDED.";
  if (sum(counts) === 0) return `The contract was kept. Again: npm run chaos -- --minutes ${minutes} --seed ${seed}`;
  return `THE CONTRACT WAS BROKEN. The whole history, a line of JSON for each event: ${historyFile}`;
}

/** As many beside each other as fit. */
function inColumns(cells: readonly string[]): string[] {
  const width = Math.max(...cells.map((cell) => cell.length), 1) + 2;
  const columns = Math.max(1, Math.floor(WIDTH / width));
  const rows = Math.ceil(cells.length / columns);
  return Array.from({ length: rows }, (_, row) => {
    const line = cells.filter((_, index) => index % rows === row).map((cell) => cell.padEnd(width));
    return `  ${line.join("").trimEnd()}`;
  });
}
