import { parseArgs } from "node:util";
import { ImError } from "../core/errors.js";
import { describe } from "../core/model.js";
import type { BackupCommand, Command, MigrateCommand } from "./command.js";

type CommandName = (MigrateCommand | BackupCommand)["kind"];

/** An option as it was written; `value` is what was given to it, if anything was. */
interface GivenOption {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
  restored: { type: "boolean" },
  client: { type: "string" },
} as const;

/**
 * Understands the words behind `shyim`. Who asks for help or the version gets it, whatever else was said.
 * Errors: `invalid_argument` with a sentence for the person who typed them.
 */
export function parseCommand(args: readonly string[]): Command {
  // Not strict: the sentences about what is wrong are ours.
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const options = tokens.filter((token) => token.kind === "option");
  const [name, ...files] = tokens.filter((token) => token.kind === "positional").map(({ value }) => value);

  if (isGiven(options, "help")) return { kind: "help", topic: isCommand(name) ? name : "everything" };
  if (isGiven(options, "version")) return { kind: "version" };
  if (name === undefined) throw misunderstood("no command was given: try `shyim migrate chat.db`, or `shyim --help`");
  assertCommandName(name);
  assertOptions(name, options);
  return name === "migrate" ? migrateCommand(files, options) : backupCommand(files, options);
}

function migrateCommand(files: readonly string[], options: readonly GivenOption[]): MigrateCommand {
  const [file] = pathsOf(files, ["file"], "shyim migrate chat.db");
  return { kind: "migrate", file, client: clientOf(options), isRestored: isGiven(options, "restored") };
}

function backupCommand(files: readonly string[], options: readonly GivenOption[]): BackupCommand {
  const [file, copy] = pathsOf(files, ["file", "copy"], "shyim backup chat.db copy.db");
  return { kind: "backup", file, copy, client: clientOf(options) };
}

function isGiven(options: readonly GivenOption[], name: keyof typeof OPTIONS): boolean {
  return options.some((option) => option.name === name);
}

function isCommand(name: string | undefined): name is CommandName {
  return name === "migrate" || name === "backup";
}

function assertCommandName(name: string): asserts name is CommandName {
  if (isCommand(name)) return;
  throw misunderstood(`there is no command ${describe(name)}, only "migrate" and "backup": see \`shyim --help\``);
}

function assertOptions(command: CommandName, options: readonly GivenOption[]): void {
  for (const { name, rawName, value } of options) {
    const isKnown = Object.hasOwn(OPTIONS, name) && (command === "migrate" || name !== "restored");
    if (!isKnown)
      throw misunderstood(
        `there is no option ${describe(rawName)}: see \`shyim ${command} --help\` for those there are`,
      );
    if (name === "restored" && value !== undefined)
      throw misunderstood(`--restored takes no value, got ${describe(value)}: write --restored alone`);
  }
}

/** As many paths as there are `names`. */
function pathsOf<Names extends readonly string[]>(
  files: readonly string[],
  names: readonly [...Names],
  example: string,
): { [Index in keyof Names]: string } {
  const expected = `expected <${names.join("> <")}>`;
  if (files.length < names.length)
    throw misunderstood(`a path is missing, ${expected}, got ${listOf(files)}: try \`${example}\``);
  if (files.length > names.length)
    throw misunderstood(`too many paths, ${expected}, got ${listOf(files)}: put a path with spaces into quotes`);
  const wrong = files.find((file) => file === "" || /^(:memory:|file:)/.test(file));
  if (wrong !== undefined)
    throw misunderstood(`${describe(wrong)} is no path of a file, ${expected}: try \`${example}\``);
  return files as unknown as { [Index in keyof Names]: string };
}

function listOf(files: readonly string[]): string {
  return files.length === 0 ? "none" : files.map(describe).join(" ");
}

function clientOf(options: readonly GivenOption[]): MigrateCommand["client"] {
  const given = options.filter(({ name }) => name === "client").at(-1);
  if (given === undefined) return "sqlite";
  if (given.value === "sqlite" || given.value === "better-sqlite3") return given.value;
  const received = given.value === undefined ? "nothing" : describe(given.value);
  throw misunderstood(`--client must be sqlite or better-sqlite3, got ${received}: leave it out for sqlite`);
}

function misunderstood(message: string): ImError {
  return new ImError("invalid_argument", { message });
}
