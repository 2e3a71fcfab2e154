import type { Knex } from "knex";
import type { Dialect } from "./dialect.js";

/** What a column of ours may hold. */
export type Cell = string | number | Buffer | null;

/** Rows a statement: the large ones all have this size, so that few different ones have to be compiled and kept. */
const MAX_ROWS = 256;

/**
 * Inserts any number of rows with as few statements as the database's limit of bound values allows, and gives what they
 * return. knex would write a multi-row insert for SQLite as a union of selects, which ends at 500 rows.
 * @param suffix what follows the rows: a conflict clause, a returning clause
 */
export async function insertRows<Row>(
  db: Knex,
  dialect: Dialect,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  suffix = "",
): Promise<Row[]> {
  const perStatement = Math.min(MAX_ROWS, Math.floor(dialect.maxBindings / columns.length));
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
