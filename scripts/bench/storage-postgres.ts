import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { postgres } from "../services/kinds/postgres.js";
import { briefly } from "./briefly.js";
import type { Durability } from "./storage-report.js";
import type { ServerKind } from "./storage-server.js";
import type { Undo } from "./undo.js";

/** What makes a commit wait for the disk. `full_page_writes` is what a torn page is mended with after a power cut. */
const DURABLE = ["fsync", "synchronous_commit", "full_page_writes"] as const;
const SETTINGS = [...DURABLE, "wal_sync_method", "shared_buffers", "max_wal_size"];
/** So long a server takes at most to read its settings again. */
const RELOAD_MS = 5_000;

/** PostgreSQL. */
export const postgresKind: ServerKind = {
  service: postgres,
  client: "pg",
  words: { messageId: "decode(lpad(to_hex(n), 32, '0'), 'hex')", content: "convert_to(repeat('x', 200), 'utf8')" },
  dropSuffix: " with (force)",
  readVersion: async (knex) => `PostgreSQL ${(await readSetting(knex, "server_version")).split(" ")[0]}`,
  readDurability,
  harden,
};

async function readDurability(knex: Knex): Promise<Durability> {
  const settings: Record<string, string> = {};
  for (const name of SETTINGS) settings[name] = await readSetting(knex, name);
  const missing = DURABLE.filter((name) => settings[name] === "off");
  if (missing.length === 0) return { durable: true, settings };
  const origins = await Promise.all(missing.map(async (name) => `${name} is off by its ${await originOf(knex, name)}`));
  return { durable: false, settings, note: origins.join(", ") };
}

/** A setting of the server's command line stays, whatever is altered: what came of this is read afterwards. */
async function harden(url: string, undo: Undo): Promise<void> {
  await briefly("pg", url, async (knex) => {
    for (const name of DURABLE) {
      if ((await readSetting(knex, name)) === "on") continue;
      const back = await formerly(knex, name);
      undo.add(() => briefly("pg", url, (later) => alter(later, back)));
      await alter(knex, `alter system set ${name} = on`);
    }
  });
  await untilReloaded(url);
}

/** The statement that puts back what is altered at the moment. */
async function formerly(knex: Knex, name: string): Promise<string> {
  const { rows } = (await knex.raw("select setting from pg_file_settings where name = ? and sourcefile like ?", [
    name,
    "%postgresql.auto.conf",
  ])) as { rows: { setting: string }[] };
  const [row] = rows;
  return row === undefined ? `alter system reset ${name}` : `alter system set ${name} = '${row.setting}'`;
}

async function alter(knex: Knex, statement: string): Promise<void> {
  await knex.raw(statement);
  await knex.raw("select pg_reload_conf()");
}

/** The server reads its settings when it comes to it: until then, new connections have the old ones. */
async function untilReloaded(url: string): Promise<void> {
  for (const endsAt = performance.now() + RELOAD_MS; performance.now() < endsAt; await sleep(50)) {
    const { durable, note = "" } = await briefly("pg", url, readDurability);
    if (durable || note.includes("command line")) return;
  }
}

async function originOf(knex: Knex, name: string): Promise<string> {
  const { rows } = (await knex.raw("select source from pg_settings where name = ?", [name])) as {
    rows: { source: string }[];
  };
  return rows[0]?.source ?? "unknown source";
}

async function readSetting(knex: Knex, name: string): Promise<string> {
  const { rows } = (await knex.raw("select current_setting(?) as value", [name])) as { rows: { value: string }[] };
  return rows[0]?.value ?? "unknown";
}
