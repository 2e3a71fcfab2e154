import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const GONE_WITHIN_MS = 10_000;

/**
 * Some processes, each the head of a process group, and what they have started: also what left that group, as PostgreSQL's processes
 * for connections do.
 */
export class ProcessFamily {
  readonly #heads: readonly number[];

  constructor(heads: readonly number[]) {
    this.#heads = heads;
  }

  /** Sends a signal to all: to the parents first, so that a stopped one starts nothing that would be left out. */
  send(signal: NodeJS.Signals): void {
    for (const pid of this.#heads) sendTo(-pid, signal);
    for (const pid of this.#children()) sendTo(pid, signal);
  }

  /** Ends all at once; resolves when they are gone. */
  async kill(): Promise<void> {
    for (const pid of this.#heads) sendTo(-pid, "SIGSTOP");
    const everybody = [...this.#children(), ...this.#heads];
    for (const pid of this.#heads) sendTo(-pid, "SIGKILL");
    for (const pid of everybody) sendTo(pid, "SIGKILL");
    for (const endsAt = performance.now() + GONE_WITHIN_MS; everybody.some(isAlive); await sleep(5)) {
      if (performance.now() > endsAt) throw new Error(`${everybody.filter(isAlive).join(", ")} outlived SIGKILL`);
    }
  }

  #children(): number[] {
    return this.#heads.flatMap(childrenOf);
  }
}

/** Whether it runs. One that has ended and is not missed by its new parent does not; its port is free by then. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc/self/status") || !/^State:\s+Z[\s\S]*^Threads:\s+1$/m.test(statusOf(pid));
  } catch {
    return false;
  }
}

const statusOf = (pid: number): string => readFileSync(`/proc/${pid}/status`, "utf8");

function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in between.
  }
}

function childrenOf(parent: number): number[] {
  const file = `/proc/${parent}/task/${parent}/children`;
  if (existsSync(file)) return readFileSync(file, "utf8").trim().split(" ").filter(Boolean).map(Number);
  const lines = execFileSync("ps", ["-A", "-o", "ppid=,pid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.filter(([ppid]) => ppid === parent).map(([, pid]) => pid as number);
}
