import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { type NodeConfig, nodeConfigSchema, SETTINGS } from "./config.js";
import { ConfigProblem } from "./config-problem.js";
import { variableOf } from "./variable-of.js";

/** The file's path is not a setting; what begins so belongs to the tests of the library. */
const FILE_VARIABLE = "SHYIM_CONFIG";
const TESTS_OWN = "SHYIM_TEST_";
const MAX_SHOWN = 80;

type Values = Readonly<Record<string, unknown>>;

/**
 * The settings: of the file that `SHYIM_CONFIG` names, if it names one, and of the environment, which wins. A variable that is
 * empty is one that is not there. Throws one {@link ConfigProblem} with everything that is wrong.
 */
export function readConfig(env: NodeJS.ProcessEnv): NodeConfig {
  const file = env[FILE_VARIABLE] || null;
  const unknown = unknownVariables(env);
  const { values, given } = merge(file === null ? {} : readYaml(file), env);
  const result = nodeConfigSchema.safeParse(values, { reportInput: true });
  const problems = [...unknown, ...(result.error?.issues ?? []).flatMap((issue) => wordsOf(issue, file, given))];
  if (result.success && problems.length === 0) return result.data;
  const sum = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new ConfigProblem(`${sum} with the settings of this node\n${problems.map((each) => `  - ${each}`).join("\n")}`);
}

function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = new Set([FILE_VARIABLE, ...SETTINGS.map(variableOf)]);
  return Object.keys(env)
    .filter((name) => name.startsWith("SHYIM_") && !name.startsWith(TESTS_OWN) && !known.has(name))
    .map((name) => `${name}: there is no such setting; docs/cluster.md lists them`);
}

/** What the file says; an empty one says nothing. */
function readYaml(file: string): Values {
  const document = parseDocument(readText(file));
  const [error] = document.errors;
  if (error !== undefined) throw new ConfigProblem(`${file} is not valid YAML: ${error.message.split("\n", 1)[0]}`);
  const values: unknown = document.toJS() ?? {};
  if (typeof values === "object" && !Array.isArray(values)) return values as Values;
  throw new ConfigProblem(`${file}: expected settings such as \`port: 8080\`, got ${shown(values)}`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new ConfigProblem(
      `${FILE_VARIABLE}: ${file} cannot be read (${code}). Name a file that is there, or leave it out`,
    );
  }
}

/** Both in one, and which variables took part. */
function merge(file: Values, env: NodeJS.ProcessEnv): { values: Values; given: ReadonlySet<string> } {
  const values: Record<string, unknown> = { ...file };
  const given = new Set<string>();
  for (const path of SETTINGS) {
    const variable = variableOf(path);
    const text = env[variable];
    if (text === undefined || text === "") continue;
    const [name = "", field] = path.split(".");
    given.add(variable);
    values[name] = field === undefined ? text : withField(values[name], field, text);
  }
  return { values, given };
}

/** What is no group in the file stays what it is: the schema says so. */
function withField(group: unknown, field: string, text: string): unknown {
  if (group !== undefined && group !== null && (typeof group !== "object" || Array.isArray(group))) return group;
  return { ...group, [field]: text };
}

function wordsOf(issue: z.core.$ZodIssue, file: string | null, given: ReadonlySet<string>): string[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const prefix = path === "" ? "" : `${path}.`;
    return issue.keys.map((key) => `${prefix}${key} in ${file}: there is no such setting`);
  }
  const { isSecret, example, isRule } = (issue.code === "custom" ? issue.params : {}) as {
    readonly isSecret?: boolean;
    readonly example?: string;
    readonly isRule?: boolean;
  };
  const place = placeOf(path, file, given);
  if (isRule === true) return [`${place}: ${issue.message}`];
  const got = isSecret === true ? "what was given is not (it is not repeated here)" : `got ${shown(issue.input)}`;
  const advice = example === undefined ? "" : `. For example: ${variableOf(path)}=${example}`;
  return [`${place}: ${issue.message}, ${got}${advice}`];
}

/** Where a person finds it. */
function placeOf(path: string, file: string | null, given: ReadonlySet<string>): string {
  const variable = variableOf(path);
  if (file === null || given.has(variable)) return variable;
  return SETTINGS.includes(path) ? `${path} in ${file} (or ${variable})` : `${path || "it"} in ${file}`;
}

function shown(value: unknown): string {
  const words = JSON.stringify(value) ?? String(value);
  return words.length > MAX_SHOWN ? `${words.slice(0, MAX_SHOWN)}…` : words;
}
