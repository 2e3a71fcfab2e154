import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findService } from "../../../scripts/services/find-service.js";
import { placeOf } from "../../../scripts/services/place.js";
import { commandLine, readNotes, writeNotes } from "../../../scripts/services/process-note.js";
import type { Service } from "../../../scripts/services/service.js";
import { startService } from "../../../scripts/services/start-service.js";
import { stopService } from "../../../scripts/services/stop-service.js";
import { FakeService } from "./fake-service.js";

describe("a private service", () => {
  it("is started, found again, and stopped with its data", async () => {
    const fake = new FakeService();
    const service = fake.service();
    expect(await startService(service, fake.settings())).toMatchObject({ kind: "started", version: "Fake 1.2.3" });
    expect(await startService(service, fake.settings())).toMatchObject({ kind: "running", version: "Fake 1.2.3" });
    expect(await findService(service, fake.root, {})).toMatchObject({ kind: "running" });
    expect(fake.lines).toEqual(["redis: preparing", "redis: starting"]);

    const [note] = readNotes(placeOf(fake.root, "redis", "nobody"));
    expect(await stopService(service, fake.root)).toBe(1);
    expect(commandLine(note?.pid ?? 0)).toBe("");
    expect(existsSync(fake.data)).toBe(false);
    expect(await stopService(service, fake.root)).toBe(0);
    expect(await findService(service, fake.root, {})).toBeNull();
  });

  it("says the end of its log when it ends instead of serving, and leaves nothing behind", async () => {
    const fake = new FakeService("echo something; echo the disk is full >&2; exit 3");
    const outcome = await startService(fake.service(), fake.settings());
    expect(outcome).toMatchObject({
      kind: "absent",
      reason: expect.stringMatching(/exit code 3.*\n.*something\n.*full$/s),
    });
    expect(existsSync(fake.data)).toBe(false);
  });

  it("is given up when it does not serve in time, and ended", async () => {
    const fake = new FakeService("while :; do sleep 0.2; done");
    const outcome = await startService(fake.service(), { ...fake.settings(), limitMs: 300 });
    expect(outcome).toMatchObject({ kind: "absent", reason: expect.stringContaining("not ready within 0.3 s") });
    expect(readNotes(placeOf(fake.root, "redis", "nobody"))).toEqual([]);
  });

  it("is not started any more after an interruption", async () => {
    const fake = new FakeService();
    fake.interruption.abort(new Error("interrupted"));
    const outcome = await startService(fake.service(), fake.settings());
    expect(outcome).toMatchObject({ kind: "absent", reason: "interrupted" });
  });

  it("is left alone, and nothing is started, when the environment names another one", async () => {
    const fake = new FakeService();
    const environment = { SHYIM_TEST_FAKE_URL: "fake://db.example.test/x" };
    const outcome = await startService(fake.service(), fake.settings(environment));
    expect(outcome).toMatchObject({ kind: "given", url: "fake://db.example.test/x" });
    expect(fake.lines).toEqual([]);
    expect(existsSync(fake.data)).toBe(false);
  });

  it("is not available when the one that is given is another kind of server, and that is said", async () => {
    const fake = new FakeService();
    const service: Service = {
      ...fake.service(),
      greet: async () => "Other 8.4.3",
      objectTo: (greeting) => `it is ${greeting}`,
    };
    const environment = { SHYIM_TEST_FAKE_URL: "fake://db.example.test/x" };
    expect(await startService(service, fake.settings(environment))).toMatchObject({ reason: "it is Other 8.4.3" });
    await expect(findService(service, fake.root, environment)).rejects.toThrow("it is Other 8.4.3");
  });

  it("is not available where it can only be given, and that is said", async () => {
    const fake = new FakeService();
    const outcome = await startService({ ...fake.service(), recipe: null }, fake.settings());
    expect(outcome).toMatchObject({ reason: "it is not run here: give SHYIM_TEST_FAKE_URL" });
  });

  it("cannot be given by something that is no address, whose text is not printed", async () => {
    const fake = new FakeService();
    const outcome = await startService(fake.service(), fake.settings({ SHYIM_TEST_FAKE_URL: "root:secret" }));
    expect(outcome).toMatchObject({ kind: "given" });
    const wrong = await startService(fake.service(), fake.settings({ SHYIM_TEST_FAKE_URL: "/secret" }));
    expect(wrong).toMatchObject({ reason: expect.stringMatching(/^what SHYIM_TEST_FAKE_URL says is no address/) });
    expect(JSON.stringify(wrong)).not.toContain("secret");
  });

  it("never ends a process that only has the number of one it has started", async () => {
    const fake = new FakeService();
    const stranger = spawn("/bin/sh", ["-c", "while :; do sleep 0.2; done"], { stdio: "ignore" });
    const place = placeOf(fake.root, "redis", "nobody");
    mkdirSync(place.folder);
    writeNotes(place, [{ pid: stranger.pid ?? 0, mark: fake.data, endSignal: "SIGKILL" }]);
    expect(await stopService(fake.service(), fake.root)).toBe(0);
    expect(commandLine(stranger.pid ?? 0)).toContain("sleep 0.2");
    stranger.kill("SIGKILL");
    await once(stranger, "exit");
  });
});
