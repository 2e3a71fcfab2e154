import { cpus, loadavg, platform, release, totalmem } from "node:os";
import type { BenchSettings } from "./bench-settings.js";
import { measureDatabase } from "./measure-database.js";
import { unmeasuredLine } from "./storage-lines.js";
import { mariadbKind } from "./storage-mariadb.js";
import type { BenchTarget } from "./storage-place.js";
import { postgresKind } from "./storage-postgres.js";
import type { DatabaseReport, Machine, StorageReport } from "./storage-report.js";
import { serverTarget } from "./storage-server.js";
import { sqliteTarget } from "./storage-sqlite.js";
import { CONTENT_BYTES } from "./storage-traffic.js";

const TARGETS: readonly BenchTarget[] = [
  sqliteTarget("sqlite", "FULL"),
  sqliteTarget("sqlite-normal", "NORMAL"),
  serverTarget(mariadbKind),
  serverTarget(postgresKind),
];

/** What `--only` chooses among. */
export const STORAGE_NAMES: readonly string[] = TARGETS.map(({ name }) => name);

/**
 * Databases through the storage contract: commits to two people and to a group, in batches, and pages of a large inbox. What is
 * not there is named and left out.
 */
export async function benchStorage(settings: BenchSettings): Promise<void> {
  const machine = machineNow();
  const measuredAt = new Date().toISOString();
  const databases: DatabaseReport[] = [];
  for (const target of TARGETS.filter(({ name }) => isChosen(name, settings))) {
    settings.signal.throwIfAborted();
    const report = await measureDatabase(target, settings);
    databases.push(report);
    if (report.outcome === "measured") continue;
    console.error(unmeasuredLine(report));
    if (report.outcome === "failed") process.exitCode = 1;
  }
  const node = process.versions.node;
  const report: StorageReport = { bench: "storage", measuredAt, machine, node, contentBytes: CONTENT_BYTES, databases };
  settings.answer?.(report);
}

function isChosen(name: string, { only }: BenchSettings): boolean {
  return only.length === 0 || only.includes(name);
}

function machineNow(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    platform: `${platform()} ${release()}`,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
