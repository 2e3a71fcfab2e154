import { parseArgs } from "node:util";
import { ImError } from "../core/errors.js";
import { describe } from "../core/model.js";
import type { CommandName } from "./command.js";
import { shown } from "./place.js";

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
  restored: { type: "boolean" },
  client: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  "dry-run": { type: "boolean" },
  "max-content-bytes": { type: "string" },
} as const;

type OptionName = keyof typeof OPTIONS;

/** What each command knows besides `--help` and `--version`. */
const KNOWN: Readonly<Record<CommandName, readonly OptionName[]>> = {
  migrate: ["restored", "client"],
  backup: ["client"],
  import: ["from", "to", "dry-run", "max-content-bytes", "client"],
};

/** An option as it was written; `value` is what was given to it, if anything was. */
interface GivenOption {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

/** The options somebody typed. */
export class GivenOptions {
  readonly #given: readonly GivenOption[];
  /** Words that are no options, in their order. */
  readonly words: readonly string[];

  constructor(args: readonly string[]) {
    // Not strict: the sentences about what is wrong are ours.
    const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
    this.#given = tokens.filter((token) => token.kind === "option");
    this.words = tokens.filter((token) => token.kind === "positional").map(({ value }) => value);
  }

  has(name: OptionName): boolean {
    return this.#given.some((option) => option.name === name);
  }

  /** What was given last; `undefined` without the option, `null` without a value. */
  valueOf(name: OptionName): string | null | undefined {
    const given = this.#given.filter((option) => option.name === name).at(-1);
    return given === undefined ? undefined : (given.value ?? null);
  }

  /** Errors: `invalid_argument` for an option the command does not know, and for a value of one that takes none. */
  assertFit(command: CommandName): void {
    for (const { name, rawName, value } of this.#given) {
      if (!KNOWN[command].some((known) => known === name)) throw unknownOption(command, rawName);
      const takesNone = OPTIONS[name as OptionName].type === "boolean";
      if (takesNone && value !== undefined)
        throw misunderstood(`--${name} takes no value, got ${shown(value)}: write --${name} alone`);
    }
  }
}

/** The `invalid_argument` for words that were not understood. */
export function misunderstood(message: string): ImError {
  return new ImError("invalid_argument", { message });
}

function unknownOption(command: CommandName, rawName: string): ImError {
  return misunderstood(`there is no option ${describe(rawName)}: see \`shyim ${command} --help\` for those there are`);
}
