import type { Collations, TextColumn } from "../dialect.js";

/** Every name has an alias: MySQL 8 gives the columns of `information_schema` in capitals, MariaDB as they were asked for. */
const READ = (tables: string): string => `
  select table_name as \`table\`, column_name as \`column\`, collation_name as \`collation\`,
    is_nullable as \`nullable\`
  from information_schema.columns where table_schema = database() and table_name in (${tables})`;

interface Row extends Omit<TextColumn, "nullable"> {
  readonly nullable: "YES" | "NO";
}

/** How MariaDB and MySQL compare text. */
export const mysqlCollations: Collations = {
  read: async (db, tables) => {
    const places = tables.map(() => "?").join(", ");
    const [rows] = (await db.raw(READ(places), [...tables])) as [Row[]];
    return rows.map((row) => ({ ...row, nullable: row.nullable === "YES" }));
  },
  of: (type) => /collate (\w+)/.exec(type)?.[1] ?? "",
  mend: ({ table, column, nullable }, type) =>
    `alter table ${table} modify ${column} ${type}${nullable ? "" : " not null"}`,
};
