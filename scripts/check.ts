import { spawnSync } from "node:child_process";

/**
 * `npm run check`: every check in turn, also after a failed one, so that one run shows everything that is wrong.
 * The last line is `checks: N passed, N failed`; the exit code is 1 when any failed.
 */
const steps = [
  "check:types",
  "check:lint",
  "check:imports",
  "check:unused",
  "build",
  "check:package",
  "check:dist",
  "check:size",
  "check:install",
  "check:projects",
  "check:publish",
] as const;

const outcomes = steps.map((step) => {
  console.log(`\n── ${step}`);
  const startedAt = performance.now();
  const { status } = spawnSync(`npm run --silent ${step}`, { shell: true, stdio: ["ignore", "inherit", "inherit"] });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`── ${step} ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  return { step, passed: status === 0 };
});

const failed = outcomes.filter(({ passed }) => !passed).map(({ step }) => step);
if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
console.log(`\nchecks: ${outcomes.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
