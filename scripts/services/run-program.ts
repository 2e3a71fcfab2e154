import { spawn } from "node:child_process";
import type { UserIds } from "./user-ids.js";

/** How a program is run to its end. */
export interface ProgramOptions {
  readonly folder?: string;
  readonly user?: UserIds | null;
  readonly environment: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly limitMs: number;
}

/** What a service and its tools see of the environment: nothing of the user's settings, so that it is the same everywhere. */
export function bareEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LANG: "C.UTF-8", HOME: home };
}

/**
 * Runs a program to its end and resolves with what it printed. Rejects with its last lines when it fails or takes too long.
 * It has a process group of its own: Ctrl-C on the terminal does not break off half an installation.
 */
export function runProgram(words: readonly string[], options: ProgramOptions): Promise<string> {
  const [program = "", ...args] = words;
  const { folder: cwd, environment: env, user, input = "", limitMs } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...(cwd ? { cwd } : {}), env, ...user, detached: true });
    let output = "";
    const hear = (data: Buffer): void => {
      output += data.toString();
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", hear);
    const timer = setTimeout(() => child.pid && process.kill(-child.pid, "SIGKILL"), limitMs);
    const end = (outcome: string | null): void => {
      clearTimeout(timer);
      if (outcome === null) resolve(output);
      else reject(new Error(`${words.slice(0, 3).join(" ")} … ${outcome}${lastLines(output)}`));
    };
    child.once("error", (error) => end(`could not be started: ${error.message}`));
    child.once("close", (code, signal) => end(code === 0 ? null : `ended with ${signal ?? `exit code ${code}`}`));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** The end of a long text, indented; nothing when it is empty. */
export function lastLines(text: string, count = 15): string {
  const lines = text.trim().split("\n").slice(-count);
  return text.trim() === "" ? "" : `; its last lines:\n${lines.map((line) => `    ${line}`).join("\n")}`;
}
