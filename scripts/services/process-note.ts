import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "./place.js";

/** A process that was started, as it is written down. */
export interface ProcessNote {
  readonly pid: number;
  /** A part of its command line. A pid is used again by the system one day; with this nobody else is taken for it. */
  readonly mark: string;
  readonly endSignal: NodeJS.Signals;
}

const fileIn = ({ folder }: Place): string => join(folder, "processes.json");

/** Writes down what runs in a place. */
export function writeNotes(place: Place, notes: readonly ProcessNote[]): void {
  writeFileSync(fileIn(place), `${JSON.stringify(notes)}\n`);
}

/** What was written down and still runs, in the order of starting. */
export function readNotes(place: Place): ProcessNote[] {
  return existsSync(fileIn(place)) ? parseNotes(readFileSync(fileIn(place), "utf8")).filter(isAlive) : [];
}

/** Forgets what ran in a place. */
export function removeNotes(place: Place): void {
  rmSync(fileIn(place), { force: true });
}

/** Reads the notes of a file; anything that is no note is left out. */
export function parseNotes(text: string): ProcessNote[] {
  try {
    const notes: unknown = JSON.parse(text);
    return Array.isArray(notes) ? notes.filter(isNote) : [];
  } catch {
    return [];
  }
}

function isNote(value: unknown): value is ProcessNote {
  const note = value as Partial<ProcessNote> | null;
  return Number.isInteger(note?.pid) && (note?.pid ?? 0) > 1 && typeof note?.mark === "string" && note.mark !== "";
}

/** Whether the process of the note still runs, and is not another one with its number. */
export function isAlive({ pid, mark }: ProcessNote): boolean {
  return commandLine(pid).includes(mark);
}

/** Asks a process to end; one that does not, within the limit, is ended. Resolves when it is gone. */
export async function endProcess(note: ProcessNote, limitMs = 20_000): Promise<void> {
  send(note, note.endSignal);
  for (let waitedMs = 0; isAlive(note) && waitedMs < limitMs; waitedMs += 50) await sleep(50);
  send(note, "SIGKILL");
  for (let waitedMs = 0; isAlive(note) && waitedMs < 5_000; waitedMs += 50) await sleep(50);
}

function send(note: ProcessNote, signal: NodeJS.Signals): void {
  if (!isAlive(note)) return;
  try {
    // What does not end by itself is ended with all that it has started: it has a process group of its own.
    process.kill(signal === "SIGKILL" ? -note.pid : note.pid, signal);
  } catch {
    // It has ended by itself in between.
  }
}

/** The command line of a process; empty when there is none. */
export function commandLine(pid: number): string {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
