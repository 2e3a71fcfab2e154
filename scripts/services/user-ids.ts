import { existsSync, readFileSync } from "node:fs";

/** A user of this machine, by number. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** The user root becomes to run something: the package's own, or nobody. Others stay who they are. */
export function userToBe(name: string): UserIds | null {
  if (process.getuid?.() !== 0) return null;
  const users = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8") : "";
  return findUser(users, name) ?? findUser(users, "nobody");
}

/** Finds a name among the lines of a passwd file. */
export function findUser(passwd: string, name: string): UserIds | null {
  const line = passwd.split("\n").find((text) => text.startsWith(`${name}:`));
  if (line === undefined) return null;
  const [, , uid, gid] = line.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}
