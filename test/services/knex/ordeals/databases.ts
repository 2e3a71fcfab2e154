import type { Knex } from "knex";

/** The databases every ordeal is run on, with knex's name of each. */
export const DATABASES = [
  ["mariadb", "mysql2"],
  ["postgres", "pg"],
] as const;

/** knex's name of a database server. */
export type ServerClient = (typeof DATABASES)[number][1];

/** The rows a statement gives. */
export async function rowsOf(db: Knex, client: ServerClient, sql: string): Promise<Record<string, unknown>[]> {
  const answer = await db.raw(sql);
  return client === "pg" ? answer.rows : answer[0];
}

const DEADLOCKS = {
  mysql2: "show global status like 'Innodb_deadlocks'",
  pg: `select deadlocks as "Value" from pg_stat_database where datname = current_database()`,
} as const;

/** How many deadlocks the server has counted: MariaDB of all databases together, PostgreSQL of this one, a moment late. */
export async function countDeadlocks(db: Knex, client: ServerClient): Promise<number> {
  const [row] = await rowsOf(db, client, DEADLOCKS[client]);
  return Number(row?.Value ?? 0);
}

/** Prints what an ordeal has found: one line. */
export function tell(what: string, figures: Readonly<Record<string, number | string>>): void {
  const words = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
  console.log(`${what}: ${words.join(", ")}`);
}
