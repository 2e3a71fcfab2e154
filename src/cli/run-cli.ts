import { isImError } from "../core/errors.js";
import { backUpFile } from "./back-up-file.js";
import type { Command } from "./command.js";
import { failureText } from "./failure-text.js";
import { HELP } from "./help.js";
import { importChat } from "./import-chat.js";
import { migrateDatabase } from "./migrate-database.js";
import type { PackageFacts } from "./package-facts.js";
import { parseCommand } from "./parse-command.js";
import type { Terminal } from "./terminal.js";

/** 0 done, 1 it failed, 2 what was typed was not understood. */
export type ExitCode = 0 | 1 | 2;

/** Does what the words behind `shyim` say and gives the exit code. Never fails: failures are words on the terminal. */
export async function runCli(args: readonly string[], terminal: Terminal, facts: PackageFacts): Promise<ExitCode> {
  try {
    await perform(parseCommand(args), terminal, facts);
    return 0;
  } catch (error) {
    terminal.err(`shyim: ${failureText(error, facts)}`);
    return isImError(error, "invalid_argument") ? 2 : 1;
  }
}

async function perform(command: Command, terminal: Terminal, facts: PackageFacts): Promise<void> {
  if (command.kind === "help") return terminal.out(HELP[command.topic]);
  if (command.kind === "version") return terminal.out(facts.version);
  if (command.kind === "migrate") return migrateDatabase(command, terminal);
  return command.kind === "backup" ? backUpFile(command, terminal) : importChat(command, terminal);
}
