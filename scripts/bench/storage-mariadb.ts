import type { Knex } from "knex";
import { mariadb } from "../services/kinds/mariadb.js";
import { briefly } from "./briefly.js";
import type { Durability } from "./storage-report.js";
import type { ServerKind } from "./storage-server.js";
import type { Undo } from "./undo.js";

/** Flushes the log at every commit (1), or once a second and leaves it to the operating system until then (2). */
const FLUSH = "innodb_flush_log_at_trx_commit";
const SETTINGS = [
  ...[FLUSH, "innodb_doublewrite", "innodb_flush_method", "innodb_buffer_pool_size"],
  ...["log_bin", "sync_binlog"],
];

/** MariaDB, or the MySQL that is given in its place. */
export const mariadbKind: ServerKind = {
  service: mariadb,
  client: "mysql2",
  words: { messageId: "unhex(lpad(hex(n), 32, '0'))", content: "repeat('x', 200)" },
  dropSuffix: "",
  readVersion,
  readDurability,
  harden,
};

async function readVersion(knex: Knex): Promise<string> {
  const [rows] = (await knex.raw("select version() as version")) as [{ version: string }[]];
  const version = rows[0]?.version ?? "unknown";
  return `${version.includes("MariaDB") ? "MariaDB" : "MySQL"} ${version.split("-")[0]}`;
}

async function readDurability(knex: Knex): Promise<Durability> {
  const settings: Record<string, string> = {};
  for (const name of SETTINGS) settings[name] = await readSetting(knex, name);
  return { durable: settings[FLUSH] === "1" && settings.innodb_doublewrite !== "OFF", settings };
}

async function harden(url: string, undo: Undo): Promise<void> {
  await briefly("mysql2", url, async (knex) => {
    const before = Number(await readSetting(knex, FLUSH));
    if (before === 1) return;
    undo.add(() => briefly("mysql2", url, (later) => later.raw(`set global ${FLUSH} = ${before}`)));
    await knex.raw(`set global ${FLUSH} = 1`);
  });
}

async function readSetting(knex: Knex, name: string): Promise<string> {
  const [rows] = (await knex.raw("show global variables like ?", [name])) as [{ Value: string }[]];
  return rows[0]?.Value ?? "unknown";
}
