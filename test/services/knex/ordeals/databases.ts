import type { Knex } from "knex";

/** The databases every ordeal is run on, with knex's name of each. */
export const DATABASES = [
  ["mariadb", "mysql2"],
  ["postgres", "pg"],
] as const;

/** The databases of the ordeals that harm no server: MySQL 8, where it is given, goes through these, too. */
export const UNHARMED_DATABASES = [...DATABASES, ["mysql8", "mysql2"]] as const;

/** What a database server is called as a service of the tests. */
export type ServerName = (typeof UNHARMED_DATABASES)[number][0];

/** knex's name of a database server. */
export type ServerClient = (typeof DATABASES)[number][1];

/** The rows a statement gives. */
export async function rowsOf(db: Knex, client: ServerClient, sql: string): Promise<Record<string, unknown>[]> {
  const answer = await db.raw(sql);
  return client === "pg" ? answer.rows : answer[0];
}

const DEADLOCKS = {
  mariadb: ["mysql2", "show global status like 'Innodb_deadlocks'"],
  mysql8: ["mysql2", "select `count` as `Value` from information_schema.innodb_metrics where name = 'lock_deadlocks'"],
  postgres: ["pg", `select deadlocks as "Value" from pg_stat_database where datname = current_database()`],
} as const;

/** How many deadlocks the server has counted: PostgreSQL of this database, a moment late, the others of all together. */
export async function countDeadlocks(db: Knex, server: ServerName): Promise<number> {
  const [client, statement] = DEADLOCKS[server];
  const [row] = await rowsOf(db, client, statement);
  return Number(row?.Value ?? 0);
}

/** What the servers tell whom they break off to end a deadlock. */
const VICTIM_CODES: readonly unknown[] = ["ER_LOCK_DEADLOCK", "40P01"];

/** Whether an error says that the server ended a deadlock with it. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && "code" in error && VICTIM_CODES.includes(error.code);
}

/** Prints what an ordeal has found: one line. */
export function tell(what: string, figures: Readonly<Record<string, number | string>>): void {
  const words = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
  console.log(`${what}: ${words.join(", ")}`);
}
