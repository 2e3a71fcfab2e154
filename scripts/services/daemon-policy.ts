import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Debian's scripts ask this program whether a freshly installed service may start; 101 is no. */
const POLICY = "/usr/sbin/policy-rc.d";
const OURS = "#!/bin/sh\n# Put here by shyim's `npm run services` for the time of one installation.\nexit 101\n";

/** Does something while no package may start a daemon. What stood there before stands there after. */
export async function withoutDaemons<T>(action: () => Promise<T>, policy = POLICY): Promise<T> {
  const saved = `${policy}.before-shyim`;
  putBack(policy, saved);
  if (existsSync(policy)) renameSync(policy, saved);
  writeFileSync(policy, OURS);
  chmodSync(policy, 0o755);
  try {
    return await action();
  } finally {
    putBack(policy, saved);
  }
}

/** Also mends what a run has left that was killed in the middle. */
function putBack(policy: string, saved: string): void {
  if (existsSync(policy) && readFileSync(policy, "utf8") === OURS) rmSync(policy);
  if (existsSync(saved)) renameSync(saved, policy);
}
