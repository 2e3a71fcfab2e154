import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import type { ColumnTypes, Dialect, TextColumn } from "../dialect.js";
import { MIGRATIONS } from "./migrations.js";

/** The types of columns that are compared. */
type ComparedType = "id" | "key" | "word" | "text";

interface ComparedColumn {
  readonly table: string;
  readonly column: string;
  readonly type: ComparedType;
}

/** Types whose names are found again in the statements of the schema. */
const MARKED: ColumnTypes = {
  ...{ id: "@id", key: "@key", word: "@word", text: "@text" },
  ...{ integer: "", messageId: "", bytes: "", counter: "", table: "", clusteredTable: "" },
};

/**
 * A column that does not tell 'a' from 'A' would give two users one inbox, so a database whose columns were changed (a conversion
 * of the whole database, a copy by other tools) is not opened. A table that is missing is none of this.
 * Errors: `operation_failed` that lists the columns and how to mend each; nothing was changed.
 */
export async function assertCollations(db: Knex, dialect: Dialect): Promise<void> {
  const { collations } = dialect;
  if (collations === null) return;
  const [types, compared] = [await dialect.typesOf(db), comparedColumns()];
  const tables = [...new Set(compared.map(({ table }) => table))];
  const found = new Map((await collations.read(db, tables)).map((column) => [nameOf(column), column]));
  const lines = compared.flatMap((expected) => {
    const column = found.get(nameOf(expected));
    const type = types[expected.type];
    if (column === undefined || column.collation === collations.of(type)) return [];
    return [lineOf(column, collations.of(type), collations.mend(column, type))];
  });
  if (lines.length > 0) throw refusal(lines);
}

/** What the schema of this version compares, in its order. */
function comparedColumns(): readonly ComparedColumn[] {
  const statements = MIGRATIONS.flatMap((statementsOf) => statementsOf(MARKED));
  return statements.flatMap((statement) => {
    const table = /^create table if not exists (\w+)/.exec(statement)?.[1];
    if (table === undefined) return [];
    const columns = [...statement.matchAll(/^\s*(\w+) @(id|key|word|text)\b/gm)];
    return columns.map(([, column = "", type]) => ({ table, column, type: type as ComparedType }));
  });
}

function nameOf({ table, column }: Pick<TextColumn, "table" | "column">): string {
  return `${table}.${column}`;
}

function lineOf(column: TextColumn, needed: string, mend: string): string {
  return `  - ${nameOf(column)} has the collation ${column.collation ?? "(none)"}, needs ${needed}: ${mend};`;
}

function refusal(lines: readonly string[]): ImError {
  const message =
    "columns of the database compare text in another way than byte by byte, so that two users could be taken for one: " +
    `mend them and start again (nothing was changed)\n${lines.join("\n")}`;
  return new ImError("operation_failed", { message });
}
