import type { ImportPart, ImportProgress } from "./import-plan.js";
import { PARTS } from "./import-plan.js";
import type { MysqlSource } from "./mysql-source.js";
import { type RowRules, readPage, STAGED } from "./source-rows.js";
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

/** Reads what the source has of one extent into the workbench, from where an earlier run was, and sorts it. */
export async function stageRows(
  source: MysqlSource,
  tables: SourceTables,
  extent: Extent,
  workbench: Workbench,
  onProgress: (progress: ImportProgress) => void,
  pageRows = PAGE_ROWS,
): Promise<void> {
  if ((await workbench.noted("sorted")) !== undefined) return;
  const rules = { sendTimeKeeps: tables.sendTimeKeeps, maxContentBytes: extent.maxContentBytes };
  for (const part of PARTS) {
    const upTo = extent.lastIds[part];
    const of = await countRows(source, tables.names[part], upTo);
    const tell = (done: number): void => onProgress({ step: "reading", what: part, done, of });
    await stageTable(source, workbench, { part, table: tables.names[part], upTo, pageRows, rules, tell });
  }
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

async function stageTable(source: MysqlSource, workbench: Workbench, staging: Staging): Promise<void> {
  const { part, table, upTo, pageRows: limit, rules, tell } = staging;
  const into = `source_${part}`;
  let done = await workbench.count(`select count(*) from ${into}`);
  // An id of 0 is below every page that follows another.
  let after = Number((await workbench.noted(into)) ?? -1);
  tell(done);
  for (;;) {
    const rows = await readPage(source, part, table, { after, upTo, limit }, rules);
    if (rows.length === 0) return;
    after = Number(rows.at(-1)?.[0]);
    await workbench.add(into, STAGED[part], rows, [into, String(after)]);
    done += rows.length;
    tell(done);
  }
}

async function countRows(source: MysqlSource, table: string, upTo: number): Promise<number> {
  const [row] = await source.read<{ size: number }>(`select count(*) as size from \`${table}\` where id <= ?`, [upTo]);
  return Number(row?.size ?? 0);
}
