/**
 * Adds up the tests and the checks, prints `N passed, N failed, N skipped` as the last line and exits 1 if anything
 * failed. A run that ended badly without a failure to show for it (a crash, a file that would not load) counts as one.
 */
import { readFileSync } from "node:fs";

const [checksFile, checksExit, ...testRuns] = process.argv.slice(2);

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function atLeastOneWhenBad(failed, exitCode) {
  return failed === 0 && exitCode !== "0" ? 1 : failed;
}

function countTests(testsFile, testsExit) {
  const result = JSON.parse(read(testsFile) || "{}");
  const unloaded = (result.testResults ?? []).filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  for (const file of unloaded) console.log(`could not run ${file.name}: ${file.message}`);
  return {
    passed: result.numPassedTests ?? 0,
    failed: atLeastOneWhenBad((result.numFailedTests ?? 0) + unloaded.length, testsExit),
    skipped: (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0),
  };
}

function countChecks() {
  const [, passed, failed] = /^checks: (\d+) passed, (\d+) failed$/m.exec(read(checksFile)) ?? [null, 0, 0];
  return { passed: Number(passed), failed: atLeastOneWhenBad(Number(failed), checksExit) };
}

const checks = countChecks();
const runs = [];
for (let i = 0; i < testRuns.length; i += 2) runs.push(countTests(testRuns[i], testRuns[i + 1]));
for (const { passed, failed, skipped } of runs) {
  console.log(`tests:  ${passed} passed, ${failed} failed, ${skipped} skipped`);
}
console.log(`checks: ${checks.passed} passed, ${checks.failed} failed`);
const sum = (what) => runs.reduce((total, run) => total + run[what], 0);
const failed = sum("failed") + checks.failed;
console.log(`${sum("passed") + checks.passed} passed, ${failed} failed, ${sum("skipped")} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
