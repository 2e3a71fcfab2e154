import { stat } from "node:fs/promises";
import { assertExists } from "./assert-exists.js";
import type { BackupCommand } from "./command.js";
import type { Terminal } from "./terminal.js";

const MIB = 1024 * 1024;

/**
 * Copies a database while others may write to it, and says how large the copy is.
 * Errors: those of `KnexStorage`; `not_found` when there is no database.
 */
export async function backUpFile({ file, copy, client }: BackupCommand, terminal: Terminal): Promise<void> {
  await assertExists(file, "which database do you mean?");
  // Loaded here, since `shyim --help` must not need knex, which is installed by those who want it.
  const { knexStorage } = await import("../adapters/knex/index.js");
  await knexStorage({ client, connection: { filename: file } }).backUp(copy);
  terminal.out(`${file}: copied to ${copy}, ${((await stat(copy)).size / MIB).toFixed(1)} MiB`);
}
