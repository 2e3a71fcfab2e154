import { describe } from "../core/model.js";
import type { BackupCommand, Command, CommandName, ImportCommand, MigrateCommand } from "./command.js";
import { GivenOptions, misunderstood } from "./given-options.js";
import { looksLikeUrl, type Place, serverAt, shown } from "./place.js";

const IMPORT_EXAMPLE = "shyim import --from mysql://user:password@host/im --to chat.db --dry-run";

/**
 * Understands the words behind `shyim`. Who asks for help or the version gets it, whatever else was said.
 * Errors: `invalid_argument` with a sentence for the person who typed them.
 */
export function parseCommand(args: readonly string[]): Command {
  const options = new GivenOptions(args);
  const [name, ...words] = options.words;
  if (options.has("help")) return { kind: "help", topic: isCommand(name) ? name : "everything" };
  if (options.has("version")) return { kind: "version" };
  if (name === undefined) throw misunderstood("no command was given: try `shyim migrate chat.db`, or `shyim --help`");
  assertCommandName(name);
  options.assertFit(name);
  return COMMANDS[name](words, options);
}

const COMMANDS = { migrate: migrateCommand, backup: backupCommand, import: importCommand };

function migrateCommand(words: readonly string[], options: GivenOptions): MigrateCommand {
  const [word] = wordsOf(words, ["file"], "shyim migrate chat.db");
  return { kind: "migrate", place: placeAt(word, "file", options), isRestored: options.has("restored") };
}

function backupCommand(words: readonly string[], options: GivenOptions): BackupCommand {
  const [file, copy] = wordsOf(words, ["file", "copy"], "shyim backup chat.db copy.db");
  if (looksLikeUrl(file))
    throw misunderstood(
      "a database server is backed up with its own tools (mariadb-dump, pg_dump), not by shyim backup",
    );
  assertPath(file, "<file> <copy>", "shyim backup chat.db copy.db");
  assertPath(copy, "<file> <copy>", "shyim backup chat.db copy.db");
  return { kind: "backup", file, copy, client: clientOf(options) };
}

function importCommand(words: readonly string[], options: GivenOptions): ImportCommand {
  const [word] = words;
  if (word !== undefined) throw misunderstood(`${shown(word)} belongs to no option: try \`${IMPORT_EXAMPLE}\``);
  const [from, to] = [given("from", options), given("to", options)];
  if (serverAt(from)?.client !== "mysql2")
    throw misunderstood(`--from must be the original's database, mysql://user:password@host/im, got ${shown(from)}`);
  const client = clientOf(options);
  const place = looksLikeUrl(to) ? serverAt(to) : null;
  if (place === null) assertPath(to, "--to <database>", IMPORT_EXAMPLE);
  return {
    kind: "import",
    from,
    to: place ?? { kind: "file", file: to, client },
    isDryRun: options.has("dry-run"),
    maxContentBytes: bytesOf(options.valueOf("max-content-bytes")),
    client,
  };
}

function given(name: "from" | "to", options: GivenOptions): string {
  const value = options.valueOf(name);
  if (typeof value === "string" && value !== "") return value;
  throw misunderstood(`--${name} names no database: try \`${IMPORT_EXAMPLE}\``);
}

function bytesOf(value: string | null | undefined): number | null {
  if (value === undefined) return null;
  if (value !== null && /^[1-9][0-9]{0,6}$/.test(value) && Number(value) <= 1_000_000) return Number(value);
  const received = value === null ? "nothing" : shown(value);
  throw misunderstood(`--max-content-bytes must be a number from 1 to 1000000, got ${received}`);
}

function isCommand(name: string | undefined): name is CommandName {
  return name !== undefined && Object.hasOwn(COMMANDS, name);
}

function assertCommandName(name: string): asserts name is CommandName {
  if (isCommand(name)) return;
  throw misunderstood(
    `there is no command ${shown(name)}, only "migrate", "backup" and "import": see \`shyim --help\``,
  );
}

/** A server by its URL, everything else is the path of a file. */
function placeAt(word: string, what: string, options: GivenOptions): Place {
  const server = serverAt(word);
  if (server === null) {
    assertPath(word, `<${what}>`, "shyim migrate chat.db");
    return { kind: "file", file: word, client: clientOf(options) };
  }
  if (options.has("client"))
    throw misunderstood("--client chooses how a file is read, and this is a server: leave it out");
  return server;
}

/** As many words as there are `names`. */
function wordsOf<Names extends readonly string[]>(
  words: readonly string[],
  names: readonly [...Names],
  example: string,
): { [Index in keyof Names]: string } {
  const expected = `expected <${names.join("> <")}>`;
  if (words.length < names.length)
    throw misunderstood(`a path is missing, ${expected}, got ${listOf(words)}: try \`${example}\``);
  if (words.length > names.length)
    throw misunderstood(`too many paths, ${expected}, got ${listOf(words)}: put a path with spaces into quotes`);
  return words as unknown as { [Index in keyof Names]: string };
}

/** Errors: `invalid_argument` for the empty path and for names of databases in memory. */
function assertPath(word: string, expected: string, example: string): void {
  if (word !== "" && !/^(:memory:|file:)/.test(word) && !looksLikeUrl(word)) return;
  throw misunderstood(`${shown(word)} is no path of a file, expected ${expected}: try \`${example}\``);
}

function listOf(words: readonly string[]): string {
  return words.length === 0 ? "none" : words.map(shown).join(" ");
}

function clientOf(options: GivenOptions): BackupCommand["client"] {
  const value = options.valueOf("client");
  if (value === undefined) return "sqlite";
  if (value === "sqlite" || value === "better-sqlite3") return value;
  const received = value === null ? "nothing" : describe(value);
  throw misunderstood(`--client must be sqlite or better-sqlite3, got ${received}: leave it out for sqlite`);
}
