import { stat } from "node:fs/promises";
import type { KnexStorage } from "../adapters/knex/index.js";
import { ImError } from "../core/errors.js";
import { assertExists } from "./assert-exists.js";
import type { MigrateCommand } from "./command.js";
import { nameOf, optionsOf } from "./place.js";
import type { Terminal } from "./terminal.js";

/**
 * Brings a database to the schema of this code and, for a copy from a backup, marks it as restored. Says each step when it is
 * done.
 * Errors: those of `KnexStorage`; `not_found` and `no_data` when what was put back is no chat.
 */
export async function migrateDatabase({ place, isRestored }: MigrateCommand, terminal: Terminal): Promise<void> {
  const name = nameOf(place);
  if (isRestored && place.kind === "file") {
    await assertExists(place.file, "put the copy from the backup in its place, then run this again");
    await assertNoLog(place.file);
  }
  // Loaded here, since `shyim --help` must not need knex, which is installed by those who want it.
  const { knexStorage } = await import("../adapters/knex/index.js");
  const storage = knexStorage({ ...optionsOf(place), migrate: false });
  if (isRestored && (await storage.schemaVersion()) === 0) throw emptyCopy(name);
  const { from, to } = await storage.migrate();
  terminal.out(
    from === to ? `${name}: schema version ${to}, nothing to do` : `${name}: schema version ${from} → ${to}`,
  );
  if (!isRestored) return;
  await markRestored(storage, name, terminal);
}

async function markRestored(storage: KnexStorage, name: string, terminal: Terminal): Promise<void> {
  await storage.start();
  try {
    const { syncEpoch: oldEpoch } = await storage.messages.readHeads([]);
    const newEpoch = await storage.markRestored();
    terminal.out(`${name}: marked as restored, clients will re-sync when they connect`);
    terminal.out(`  sync epoch ${oldEpoch} → ${newEpoch}`);
  } finally {
    await storage.close();
  }
}

/** The log of the lost database would be written into the copy, and neither would be left. */
async function assertNoLog(file: string): Promise<void> {
  const log = `${file}-wal`;
  const bytes = await stat(log).then(
    ({ size }) => size,
    () => 0,
  );
  if (bytes === 0) return;
  const message =
    `${log} is still there: remove it and ${file}-shm if they belong to the database that was replaced, or run ` +
    `\`shyim migrate ${file}\` first if they came with the copy (nothing was changed)`;
  throw new ImError("operation_failed", { message });
}

function emptyCopy(name: string): ImError {
  const message = `${name} held no chat, so there is nothing to mark as restored: is it the copy from the backup?`;
  return new ImError("no_data", { message });
}
