import { chmodSync, chownSync, mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareEnvironment, runProgram } from "./run-program.js";
import { type UserIds, userToBe } from "./user-ids.js";

/** Where one service lives, and as whom. */
export interface Place {
  /** Its log, its pids and what it has fetched. */
  readonly folder: string;
  /** Its data: new at every start, gone after the stop, owned by its user. */
  readonly data: string;
  readonly log: string;
  /** `null`: as whoever starts it, who is not root. */
  readonly user: UserIds | null;
}

const myUid = (): number => process.getuid?.() ?? 0;

/** The folder of all services of this user: outside the repository, the same for every clone of it. */
export function servicesFolder(): string {
  return join(tmpdir(), `shyim-services-${myUid()}`);
}

/** Makes the folder of all services; refuses one that somebody else has made under this name. */
export function openServicesFolder(root: string): void {
  // The users that services run as have to get through to their data.
  process.umask(0o022);
  mkdirSync(root, { recursive: true, mode: 0o755 });
  if (statSync(root).uid === myUid() || process.getuid === undefined) return;
  throw new Error(`${root} belongs to somebody else: have it removed, or set TMPDIR to a folder of your own.`);
}

/** The place of the service of this name below `root`. Makes nothing. */
export function placeOf(root: string, name: string, userName: string): Place {
  const folder = join(root, name);
  return { folder, data: join(folder, "data"), log: join(folder, "log"), user: userToBe(userName) };
}

/** Empties the data folder and hands it to the service's user. */
export function renewData({ folder, data, user }: Place): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  removeData(data);
  mkdirSync(data, { mode: 0o700 });
  chmodSync(data, 0o700);
  if (user !== null) chownSync(data, user.uid, user.gid);
}

/** Takes the data away. */
export function removeData(data: string): void {
  rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** Runs a program of the service to its end, as the service's user, in its data folder. */
export function programIn(
  { data, user }: Place,
  words: readonly string[],
  more: { input?: string } = {},
): Promise<string> {
  return runProgram(words, { folder: data, user, environment: bareEnvironment(data), limitMs: 120_000, ...more });
}
