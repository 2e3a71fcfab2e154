import { type Connection, createConnection } from "mysql2/promise";
import { NODE_NAMES } from "./ports.js";

const CONNECT_WITHIN_MS = 5_000;

/** The user of the database that a node is: by it its sessions are known, and it may write only while anybody may. */
export function databaseUserOf(node: string): string {
  return `node_${node}`;
}

/** Says something to the database as its root, past every line. Rejects while it does not serve. */
export async function askDatabase<T = unknown>(url: string, statements: readonly string[]): Promise<T> {
  return await withDatabase(url, async (connection) => {
    let rows: unknown;
    for (const statement of statements) [rows] = await connection.query(statement);
    return rows as T;
  });
}

/** One connection as root, for as long as the action takes. */
export async function withDatabase<T>(url: string, action: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: url, connectTimeout: CONNECT_WITHIN_MS });
  connection.on("error", () => {});
  try {
    return await action(connection);
  } finally {
    connection.destroy();
  }
}

/** Makes the users that the nodes are. */
export async function createNodeUsers(url: string): Promise<void> {
  const users = NODE_NAMES.map((node) => `${databaseUserOf(node)}@'127.0.0.1'`);
  const statements = users.flatMap((user) => [`CREATE USER ${user}`, `GRANT ALL ON shyim.* TO ${user}`]);
  await askDatabase(url, statements);
}

/** How many sessions of a node are inside a transaction that holds locks. */
export async function sessionsInside(url: string, node: string): Promise<number> {
  const from = "information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id";
  const where = `p.user = '${databaseUserOf(node)}' AND t.trx_rows_locked > 0`;
  const rows = await askDatabase<{ readonly count: number }[]>(url, [
    `SELECT count(*) AS count FROM ${from} WHERE ${where}`,
  ]);
  return Number(rows[0]?.count ?? 0);
}
