import type { ImportPart, ImportProgress } from "./import-plan.js";
import { PARTS } from "./import-plan.js";
import type { MysqlSource } from "./mysql-source.js";
import { digestAfter, NOTHING_STAGED, noteOf, readStaged, type StagedPart, sourceHasChanged } from "./source-digest.js";
import { type RowRules, readPage, type SourceRow, STAGED, stagedCells } from "./source-rows.js";
import type { SourceTables } from "./source-tables.js";
import type { Workbench } from "./workbench.js";
import { SORTING } from "./workbench-tables.js";

/** What an import takes, decided when it begins: also a later run takes no more. */
export interface Extent {
  /** The highest `id` of each table. */
  readonly lastIds: Readonly<Record<ImportPart, number>>;
  readonly maxContentBytes: number;
}

/** Rows read in one statement and written into the workbench in one transaction. */
const PAGE_ROWS = 2_000;

/**
 * Reads what the source has of one extent into the workbench and sorts it. What an earlier run has read is read again, to see
 * that it is still the same.
 * Errors: `operation_failed` when it is not.
 */
export async function stageRows(
  source: MysqlSource,
  tables: SourceTables,
  extent: Extent,
  workbench: Workbench,
  onProgress: (progress: ImportProgress) => void,
  pageRows = PAGE_ROWS,
): Promise<void> {
  const isSorted = (await workbench.noted("sorted")) !== undefined;
  const rules = { sendTimeKeeps: tables.sendTimeKeeps, maxContentBytes: extent.maxContentBytes };
  for (const part of PARTS) {
    const upTo = extent.lastIds[part];
    const of = await countRows(source, tables.names[part], upTo);
    const tell = (done: number): void => onProgress({ step: "reading", what: part, done, of });
    await stageTable(source, workbench, { part, table: tables.names[part], upTo, pageRows, rules, tell }, isSorted);
  }
  if (isSorted) return;
  const of = SORTING.length;
  await workbench.run(SORTING, ["sorted", "yes"], (done) => onProgress({ step: "sorting", what: "rows", done, of }));
}

/** The highest id of each table. */
export async function readLastIds(source: MysqlSource, { names }: SourceTables): Promise<Record<ImportPart, number>> {
  const entries: [ImportPart, number][] = [];
  for (const part of PARTS) {
    const [row] = await source.read<{ last: number | null }>(`select max(id) as last from \`${names[part]}\``);
    entries.push([part, Number(row?.last ?? 0)]);
  }
  return Object.fromEntries(entries) as Record<ImportPart, number>;
}

interface Staging {
  readonly part: ImportPart;
  readonly table: string;
  readonly upTo: number;
  readonly pageRows: number;
  readonly rules: RowRules;
  readonly tell: (done: number) => void;
}

/** @param isWhole whether an earlier run has read all of it */
async function stageTable(
  source: MysqlSource,
  workbench: Workbench,
  staging: Staging,
  isWhole: boolean,
): Promise<void> {
  const { part, rules, upTo } = staging;
  const staged = await readStaged(workbench, part);
  const again = isWhole ? upTo : staged.upTo;
  const { digest, done } = await walk(source, { ...staging, upTo: again }, { ...NOTHING_STAGED, done: 0 });
  if (digest !== staged.digest) throw sourceHasChanged();
  if (isWhole) return;
  await walk(source, staging, { ...staged, done }, async (rows, now) => {
    const cells = rows.map((row) => stagedCells(part, row, rules));
    await workbench.add(`source_${part}`, STAGED[part], cells, noteOf(part, now));
  });
}

/** Where a walk through a table is. */
interface Walked extends StagedPart {
  readonly done: number;
}

/** Reads a table page by page up to its end, and gives where that is. */
async function walk(
  source: MysqlSource,
  { part, table, upTo, pageRows: limit, tell }: Staging,
  from: Walked,
  keep: (rows: readonly SourceRow[], now: StagedPart) => Promise<void> = async () => {},
): Promise<Walked> {
  for (let at = from; ; ) {
    tell(at.done);
    const rows = await readPage(source, part, table, { after: at.upTo, upTo, limit });
    const last = rows.at(-1);
    if (last === undefined) return at;
    at = { upTo: last.id, digest: digestAfter(at.digest, rows), done: at.done + rows.length };
    await keep(rows, at);
  }
}

async function countRows(source: MysqlSource, table: string, upTo: number): Promise<number> {
  const [row] = await source.read<{ size: number }>(`select count(*) as size from \`${table}\` where id <= ?`, [upTo]);
  return Number(row?.size ?? 0);
}
