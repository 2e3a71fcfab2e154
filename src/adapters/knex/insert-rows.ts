import type { Knex } from "knex";
import type { Dialect } from "./dialect.js";
import { slicesOf } from "./slices.js";

/** What a column of ours may hold. */
export type Cell = string | number | Buffer | null;

/**
 * Inserts any number of rows with as few statements as the database's limit of bound values allows, and gives what they
 * return. knex would write a multi-row insert for SQLite as a union of selects, which ends at 500 rows.
 * @param suffix what follows the rows: a conflict clause, a returning clause
 */
export async function insertRows<Row = never>(
  db: Knex,
  dialect: Dialect,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  suffix = "",
): Promise<Row[]> {
  const perStatement = Math.min(dialect.maxRows, Math.floor(dialect.maxBindings / columns.length));
  const returned: Row[] = [];
  for (let from = 0; from < rows.length; from += perStatement) {
    const part = rows.slice(from, from + perStatement);
    const tuple = `(${columns.map(() => "?").join(", ")})`;
    const tuples = part.map(() => tuple).join(", ");
    const sql = `insert into ${table} (${columns.join(", ")}) values ${tuples} ${suffix}`;
    const answer: unknown = await db.raw(sql, part.flat() as Knex.RawBinding[]);
    for (const row of dialect.rowsOf(answer)) returned.push(row as Row);
  }
  return returned;
}

/** What {@link insertAndRead} gives of each row, and by which key a row is found again. */
export interface RowReading {
  readonly key: string;
  readonly columns: readonly string[];
}

/**
 * Inserts rows and gives what they are then, in any order: what the statement itself answers, or from a server that answers with no
 * rows what is found by their keys.
 */
export async function insertAndRead<Row>(
  db: Knex,
  dialect: Dialect,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  reading: RowReading,
  suffix = "",
): Promise<Row[]> {
  const returning = `${suffix} ${dialect.returning(reading.columns)}`;
  const returned = await insertRows<Row>(db, dialect, table, columns, rows, returning);
  if (returned.length > 0) return returned;
  const place = columns.indexOf(reading.key);
  const found: Row[] = [];
  for (const some of slicesOf(rows.map((row) => row[place] as string | Buffer))) {
    found.push(...((await db(table).select(reading.columns).whereIn(reading.key, some)) as Row[]));
  }
  return found;
}
