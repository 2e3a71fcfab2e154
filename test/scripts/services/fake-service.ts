import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { PackageInstaller } from "../../../scripts/services/package-installer.js";
import type { Recipe, Service } from "../../../scripts/services/service.js";
import type { StartSettings } from "../../../scripts/services/start-service.js";
import { stopService } from "../../../scripts/services/stop-service.js";

/** A service that needs nothing but a shell: it is ready when the file is there that it writes. */
export class FakeService {
  readonly root = mkdtempSync(join(tmpdir(), "shyim-services-test-"));
  readonly data = join(this.root, "redis", "data");
  readonly interruption = new AbortController();
  /** What was printed. */
  readonly lines: string[] = [];
  readonly #script: string;

  constructor(script = 'echo "Fake 1.2.3" > ready; while :; do sleep 0.2; done') {
    this.#script = script;
    chmodSync(this.root, 0o755);
    onTestFinished(async () => {
      await stopService(this.service(), this.root);
      rmSync(this.root, { recursive: true });
    });
  }

  service(recipe: Partial<Recipe> = {}): Service {
    const ready = join(this.data, "ready");
    const greet = async (): Promise<string> => {
      const text = readFileSync(ready, "utf8").trim();
      if (text === "") throw new Error("not yet");
      return text;
    };
    return { name: "redis", variable: "SHYIM_TEST_FAKE_URL", greet, recipe: { ...this.#recipe(), ...recipe } };
  }

  settings(environment: NodeJS.ProcessEnv = {}): StartSettings {
    const say = (line: string): void => void this.lines.push(line);
    const { root, interruption } = this;
    return {
      root,
      environment,
      installer: new PackageInstaller(say),
      say,
      signal: interruption.signal,
      limitMs: 5_000,
    };
  }

  #recipe(): Recipe {
    const words = ["/bin/sh", "-c", this.#script, this.data];
    return {
      url: "fake://127.0.0.1:1",
      ports: [],
      packages: ["fake"],
      programs: ["sh"],
      user: "nobody",
      initialise: async () => {},
      daemons: () => [{ words, mark: this.data, endSignal: "SIGTERM" }],
    };
  }
}
