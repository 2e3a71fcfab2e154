import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { StartProblem } from "./start-problem.js";

/** What `npm start` takes from the environment. */
export interface Settings {
  /** `PORT`, default 8080; 0 takes a free one. */
  readonly port: number;
  /** `HOST`, default 127.0.0.1: this machine alone. */
  readonly host: string;
  /** `DATA`, absolute; default `data` beside this file. */
  readonly data: string;
}

const DEFAULT_DATA = fileURLToPath(new URL("./data", import.meta.url));

/** Reads the settings; an empty variable is one that is not there. Throws {@link StartProblem}. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return { port: portOf(env.PORT || "8080"), host: env.HOST || "127.0.0.1", data: dataOf(env) };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new StartProblem(
    `PORT has to be a number from 0 (any free port) to 65535, and is ${JSON.stringify(text)}. Try: PORT=8080 npm start`,
  );
}

/** A relative folder is meant from where the command was typed, which npm remembers before it goes to its own folder. */
function dataOf({ DATA, INIT_CWD = process.cwd() }: NodeJS.ProcessEnv): string {
  return DATA ? resolve(INIT_CWD, DATA) : DEFAULT_DATA;
}
