import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { findProgram } from "../../scripts/services/find-program.js";
import { redisOn } from "../../scripts/services/kinds/redis.js";
import { PackageInstaller } from "../../scripts/services/package-installer.js";
import { startService } from "../../scripts/services/start-service.js";
import { stopService } from "../../scripts/services/stop-service.js";

const PORT = 16380;
const given = inject("services");

describe.skipIf(findProgram("redis-server") === null)("a private Redis", () => {
  const redis = redisOn(PORT);
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "shyim-services-test-"));
    chmodSync(root, 0o755);
  });

  afterEach(async () => {
    await stopService(redis, root);
    rmSync(root, { recursive: true });
  });

  const start = () => {
    const say = (): void => {};
    const { signal } = new AbortController();
    return startService(redis, { root, environment: {}, installer: new PackageInstaller(say), say, signal });
  };

  it("serves on its port with its version after the start, which may be said twice, and no more after the stop", async () => {
    const version = expect.stringMatching(/^Redis \d+\.\d+\.\d+$/);
    expect(await start()).toMatchObject({ kind: "started", url: `redis://127.0.0.1:${PORT}`, version });
    expect(await start()).toMatchObject({ kind: "running", version });
    expect(await stopService(redis, root)).toBe(1);
    await expect(redis.greet(`redis://127.0.0.1:${PORT}`)).rejects.toThrow("ECONNREFUSED");
    expect(existsSync(join(root, "redis", "data"))).toBe(false);
    expect(await stopService(redis, root)).toBe(0);
  });

  it("is not started beside another program on its port, which is told and left alone", async () => {
    const stranger = createServer().listen(PORT, "127.0.0.1");
    await once(stranger, "listening");
    const reason = `port ${PORT} is taken by another program: end it, or give SHYIM_TEST_REDIS_URL`;
    expect(await start()).toMatchObject({ kind: "absent", reason });
    expect(stranger.listening).toBe(true);
    stranger.close();
  });
});

describe("the addresses handed to the tests", () => {
  it.each(Object.entries(given))("lead to %s", async (name, url) => {
    const { catalogue } = await import("../../scripts/services/catalogue.js");
    const service = catalogue.find((one) => one.name === name);
    expect(await service?.greet(url)).toMatch(/^\w+ [\d(]/);
  });
});
