import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertOptions, isServer } from "../options.js";
import { assertMaxContentBytes, assertNotSource, beginOrGoOn, readSituation } from "./begin-import.js";
import type { ImportOptions, ImportParts, ImportResult } from "./import-options.js";
import { type Beginning, COMPLETE } from "./import-state.js";
import { ImportTarget } from "./import-target.js";
import { MysqlSource } from "./mysql-source.js";
import { readPlan } from "./read-plan.js";
import { digestOf } from "./source-digest.js";
import { findTables, type SourceTables } from "./source-tables.js";
import { stageRows } from "./stage-rows.js";
import { Workbench } from "./workbench.js";
import { writeTarget } from "./write-target.js";

/**
 * Takes users, friends, groups and messages of the original ShyIM over into a database without a chat. Interrupted at any point
 * it goes on when it is called again, and takes what was there when it began. No server may run on the target meanwhile.
 * Errors: `invalid_argument` for the options; `unavailable` when a database does not answer or a package is missing; `no_data`
 * when the source is not the original's; `operation_failed` when the target has a chat of its own, and when source or target
 * have changed since the import began.
 */
export function importShyim(options: ImportOptions): Promise<ImportResult> {
  return runImport(options, {});
}

/** {@link importShyim} with parts that tests put in. */
export async function runImport(options: ImportOptions, parts: ImportParts): Promise<ImportResult> {
  assertOptions(options.to);
  assertMaxContentBytes(options.maxContentBytes);
  const target = new ImportTarget(options.to, parts.database);
  try {
    if (options.isDryRun === true)
      return await withSource(options, (source) => rehearse(source, target, options, parts));
    const begun = await target.findBeginning();
    if (begun !== null && (await target.findPlace()).phase === COMPLETE.phase) return "imported before";
    if (begun === null) await target.assertEmpty();
    return await withSource(options, (source) => perform(source, target, begun, options, parts));
  } finally {
    await target.database.close();
  }
}

async function withSource<T>({ from }: ImportOptions, work: (source: MysqlSource) => Promise<T>): Promise<T> {
  const source = await MysqlSource.open(from);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

/** An import up to the plan, in a place of its own that is taken away again. */
async function rehearse(
  source: MysqlSource,
  target: ImportTarget,
  options: ImportOptions,
  parts: ImportParts,
): Promise<ImportResult> {
  await assertNotSource(source, target);
  const tables = await findTables(source);
  const situation = await readSituation(source, tables, options);
  const folder = await mkdtemp(join(tmpdir(), "shyim-import-"));
  const workbench = await Workbench.open(folder, "rehearsal", sorterOf(options));
  try {
    await plan(source, tables, { ...situation, importId: "rehearsal" }, workbench, options, parts);
    return "planned";
  } finally {
    await workbench.remove();
  }
}

async function perform(
  source: MysqlSource,
  target: ImportTarget,
  begun: Beginning | null,
  options: ImportOptions,
  parts: ImportParts,
): Promise<ImportResult> {
  const tables = await findTables(source);
  const situation = await readSituation(source, tables, options);
  const beginning = await beginOrGoOn(source, target, begun, situation);
  const folder = target.workbenchFolder(beginning.importId);
  const workbench = await Workbench.open(folder, beginning.importId, sorterOf(options));
  try {
    await plan(source, tables, beginning, workbench, options, parts);
    const flow = { source, table: tables.names.messages, workbench, database: target.database };
    await writeTarget(flow, beginning, await digestOf(workbench), options.onProgress ?? ignore, parts.pages);
    await workbench.remove();
    return "imported";
  } finally {
    await workbench.close();
  }
}

/** Reads and sorts, and tells what will come of it. */
async function plan(
  source: MysqlSource,
  tables: SourceTables,
  beginning: Beginning,
  workbench: Workbench,
  { onPlan = ignore, onProgress = ignore }: ImportOptions,
  { pages }: ImportParts,
): Promise<void> {
  await stageRows(source, tables, beginning, workbench, onProgress, pages?.rows);
  const { timeZone, maxContentBytes } = beginning;
  onPlan(await readPlan(workbench, { source: source.place, timeZone }, maxContentBytes));
}

function sorterOf({ to, sortWith }: ImportOptions) {
  return sortWith ?? (isServer(to) ? "sqlite" : to.client);
}

function ignore(): void {}
