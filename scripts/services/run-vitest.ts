import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** Runs the tests below test/services and resolves with the exit code. When interrupted, they get a moment to end. */
export async function runVitest(
  filters: readonly string[],
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  const args = [VITEST, "run", "--config", "vitest.services.config.ts", ...filters];
  const child = spawn(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...variables } });
  const end = (): void => {
    setTimeout(() => child.kill("SIGTERM"), 3_000).unref();
    setTimeout(() => child.kill("SIGKILL"), 15_000).unref();
  };
  signal.addEventListener("abort", end);
  const [exitCode] = await once(child, "exit");
  signal.removeEventListener("abort", end);
  return typeof exitCode === "number" ? exitCode : 1;
}
