import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSqliteDriver, type SqliteHandle } from "../../src/adapters/knex/sqlite/sqlite-driver.js";
import { Program } from "../examples/run-program.js";

const COMMAND_LINE = "src/cli/index.ts";

/** What stands in a file. */
export interface FileContent {
  /** What `pragma integrity_check` says; "ok" when it finds nothing. */
  readonly integrity: string;
  readonly messageIds: ReadonlySet<string>;
}

/** Reads a file directly, without any of our storage. */
export function readSqliteFile(filename: string): FileContent {
  return withFile(filename, (file) => ({
    integrity: column(file, "pragma integrity_check").join("\n"),
    messageIds: new Set(column(file, "select lower(hex(id)) from shyim_message")),
  }));
}

/**
 * Reads what a dead process left behind, in a copy: the file and its log stay as the crash left them, for the next process
 * to recover.
 */
export async function autopsy(filename: string): Promise<FileContent> {
  const folder = await mkdtemp(join(tmpdir(), "shyim-autopsy-"));
  try {
    const copy = join(folder, "copy.db");
    await Promise.all(["", "-wal"].map((ending) => copyFile(filename + ending, copy + ending)));
    return readSqliteFile(copy);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `npx shyim backup`: a consistent copy in a new file, made by a process of its own while a server may write. */
export async function backUp(filename: string, copy: string): Promise<void> {
  const { exitCode, errors } = await new Program(COMMAND_LINE, ["backup", filename, copy]).ended;
  if (exitCode !== 0) throw new Error(`the backup failed: ${errors}`);
}

/** Puts a copy in the place of a file nobody has open. What belonged to the old one must not meet the new one. */
export async function putBack(copy: string, filename: string): Promise<void> {
  await Promise.all(["-wal", "-shm"].map((ending) => rm(filename + ending, { force: true })));
  await copyFile(copy, filename);
}

function withFile<T>(filename: string, use: (file: SqliteHandle) => T): T {
  const file = loadSqliteDriver("sqlite")(filename);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

function column(file: SqliteHandle, sql: string): string[] {
  return file
    .prepare(sql)
    .all()
    .map((row) => String(Object.values(row as object)[0]));
}
