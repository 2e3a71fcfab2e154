import type { Collations, TextColumn } from "../dialect.js";

/** By the search path, as every other statement finds a table. `information_schema` would hide what others own. */
const READ = (tables: string): string => `
  select tables.relname as "table", columns.attname as "column", collations.collname as "collation",
    not columns.attnotnull as "nullable"
  from pg_catalog.pg_class as tables
  join pg_catalog.pg_attribute as columns on columns.attrelid = tables.oid
  left join pg_catalog.pg_collation as collations on collations.oid = columns.attcollation
  where tables.relname in (${tables}) and tables.relkind in ('r', 'p') and pg_catalog.pg_table_is_visible(tables.oid)
    and columns.attnum > 0 and not columns.attisdropped`;

/** How PostgreSQL compares text. */
export const postgresCollations: Collations = {
  read: async (db, tables) => {
    const places = tables.map(() => "?").join(", ");
    const { rows } = (await db.raw(READ(places), [...tables])) as { readonly rows: TextColumn[] };
    return rows;
  },
  of: (type) => /collate "(\w+)"/.exec(type)?.[1] ?? "",
  mend: ({ table, column }, type) => `alter table ${table} alter column ${column} type ${type}`,
};
