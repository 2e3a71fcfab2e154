import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Place } from "./place.js";
import { type ProcessNote, writeNotes } from "./process-note.js";
import { bareEnvironment } from "./run-program.js";
import type { Daemon } from "./service.js";

/** Starts them apart from this process, so that they stay when it ends, and writes down what they are known by. */
export function startDaemons(daemons: readonly Daemon[], place: Place): ChildProcess[] {
  const log = openSync(place.log, "w");
  const notes: ProcessNote[] = [];
  const children = daemons.map((daemon) => {
    const child = startDaemon(daemon, place, log);
    if (child.pid !== undefined) notes.push({ pid: child.pid, mark: daemon.mark, endSignal: daemon.endSignal });
    writeNotes(place, notes);
    return child;
  });
  closeSync(log);
  return children;
}

function startDaemon({ words, environment }: Daemon, { data, user }: Place, log: number): ChildProcess {
  const [program = "", ...args] = words;
  const env = { ...bareEnvironment(data), ...environment };
  const child = spawn(program, args, { cwd: data, env, ...user, detached: true, stdio: ["ignore", log, log] });
  child.unref();
  return child;
}

/** Resolves with how it ended; rejects when it could not be started. */
export async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal] = await once(child, "exit");
  return signal ?? `exit code ${code}`;
}
