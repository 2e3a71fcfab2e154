import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { catalogue, chooseServices } from "../../../scripts/services/catalogue.js";
import { withoutDaemons } from "../../../scripts/services/daemon-policy.js";
import { addresses, describeOutcome, type Outcome, withoutPassword } from "../../../scripts/services/outcome.js";
import { parseNotes } from "../../../scripts/services/process-note.js";
import { startProgress } from "../../../scripts/services/progress.js";
import { findUser } from "../../../scripts/services/user-ids.js";

const names = (chosen: readonly { readonly name: string }[]): string[] => chosen.map(({ name }) => name);

describe("the catalogue of services", () => {
  it("is taken as a whole without names, and in its order with names", () => {
    expect(chooseServices([])).toEqual(catalogue);
    expect(names(chooseServices(["kafka", "mariadb"]))).toEqual(["mariadb", "kafka"]);
  });

  it("says what can be chosen when a name is unknown", () => {
    expect(() => chooseServices(["mariadb", "oracle"])).toThrow(
      /no service "oracle": choose among mariadb, .*mysql8\.$/,
    );
  });

  it("gives every service ports of its own, below those the system hands out, on this machine alone", () => {
    const recipes = catalogue.flatMap(({ recipe }) => recipe ?? []);
    const ports = recipes.flatMap((recipe) => recipe.ports);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.filter((port) => port < 1_024 || port >= 32_768)).toEqual([]);
    for (const { url, ports } of recipes) {
      expect(new URL(url).hostname).toBe("127.0.0.1");
      expect(ports).toContain(Number(new URL(url).port));
    }
  });
});

describe("what is said of a service", () => {
  const service = chooseServices(["postgres"])[0] ?? expect.fail();
  const given: Outcome = {
    kind: "given",
    service,
    url: "postgres://ada:secret@db.example.test/chat",
    version: "PostgreSQL 17.1",
  };

  it("has its name, version and address, and never the password of one that was given", () => {
    expect(describeOutcome(given)).toBe("postgres  PostgreSQL 17.1, postgres://ada:***@db.example.test/chat (given)");
    expect(withoutPassword("amqp://guest:guest@127.0.0.1:1")).toBe("amqp://guest:guest@127.0.0.1:1");
  });

  it("has the reason when it is not there", () => {
    expect(describeOutcome({ kind: "absent", service, reason: "because" })).toBe("postgres  not available: because");
  });

  it("goes to the tests as variables, of those alone that serve", () => {
    const absent: Outcome = { kind: "absent", service: chooseServices(["redis"])[0] ?? service, reason: "because" };
    expect(addresses([given, absent])).toEqual({ SHYIM_TEST_POSTGRES_URL: given.url });
  });

  it("stands behind the seconds", () => {
    const lines: string[] = [];
    startProgress((line) => lines.push(line))("ready");
    expect(lines[0]).toMatch(/^ {3}\d\.\d s {2}ready$/);
  });
});

describe("the notes of processes", () => {
  const note = { pid: 4_711, mark: "--data x", endSignal: "SIGTERM" };

  it("are read as they were written", () => {
    expect(parseNotes(JSON.stringify([note]))).toEqual([note]);
  });

  it.each([
    ["broken", "[{"],
    ["no list", "{}"],
    ["no note", "[null, 5]"],
    [
      "everybody's pid",
      JSON.stringify([
        { ...note, pid: 1 },
        { ...note, pid: -1 },
        { ...note, pid: 0 },
      ]),
    ],
    ["a mark that every process has", JSON.stringify([{ ...note, mark: "" }])],
  ])("are left out when they are %s", (_, text) => {
    expect(parseNotes(text)).toEqual([]);
  });
});

describe("the users of the machine", () => {
  it("are found by their whole name", () => {
    const passwd = "root:x:0:0:root:/root:/bin/sh\nmysql2:x:7:8::/:/bin/false\nmysql:x:101:102::/:/bin/false\n";
    expect(findUser(passwd, "mysql")).toEqual({ uid: 101, gid: 102 });
    expect(findUser(passwd, "redis")).toBeNull();
  });
});

describe("the policy about daemons of new packages", () => {
  const folder = mkdtempSync(join(tmpdir(), "shyim-policy-"));
  const policy = join(folder, "policy-rc.d");
  const refusal = (): string => readFileSync(policy, "utf8");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is no during the installation, and gone after it", async () => {
    await withoutDaemons(async () => {
      expect(refusal()).toMatch(/exit 101\n$/);
      expect(statSync(policy).mode & 0o111).toBe(0o111);
    }, policy);
    expect(existsSync(policy)).toBe(false);
  });

  it("is what it was before, also after a failure and after a run that was killed in the middle", async () => {
    writeFileSync(policy, "the machine's own\n", { mode: 0o700 });
    const failing = withoutDaemons(() => Promise.reject(new Error("no network")), policy);
    await expect(failing).rejects.toThrow("no network");
    expect([refusal(), statSync(policy).mode & 0o777]).toEqual(["the machine's own\n", 0o700]);

    void withoutDaemons(() => new Promise(() => {}), policy);
    expect(refusal()).toMatch(/exit 101\n$/);
    await withoutDaemons(async () => expect(refusal()).toMatch(/exit 101\n$/), policy);
    expect(refusal()).toBe("the machine's own\n");
  });
});
