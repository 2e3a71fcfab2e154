import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { repositoryFolder } from "../house/source-files.js";
import { call } from "./app-visitor.js";
import { Program, type ProgramEnd } from "./run-program.js";

const START = "examples/web-chat/start.mjs";
/** The first start builds the page. */
const WITH_BUILD = 120_000;
const ADA = { phone_number: "+41 79 123 45 67", nickname: "Ada", password: "correct horse battery" };
const programs: Program[] = [];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "shyim-web-chat-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => Promise.all(programs.splice(0).map((program) => program.stop("SIGKILL"))));

/** `npm start` without npm, on a free port and in the test's folder unless `env` says otherwise. */
function start(env: Readonly<Record<string, string>> = {}, file = START): Program {
  const program = new Program(file, [], { PORT: "0", DATA: join(folder, "data"), ...env });
  programs.push(program);
  return program;
}

async function addressOf(program: Program): Promise<string> {
  const [, url = ""] = await program.prints(/the page +(http:\S+)\/\n/);
  return url;
}

describe("npm start", () => {
  it(
    "serves the page and the HTTP API at the address it prints, and says what it keeps where",
    async () => {
      const program = start();
      const url = await addressOf(program);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(await (await fetch(`${url}/`)).text()).toContain("<title>");
      const document = await (await fetch(`${url}/api/openapi.json`)).json();
      expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
      expect(program.lines.join("\n")).toContain(`${url}/api/openapi.json`);
      expect(program.lines.join("\n")).toContain(join(folder, "data", "chat.db"));
    },
    WITH_BUILD,
  );

  it("lets the page run its own files and nothing else", async () => {
    const { headers } = await fetch(await addressOf(start()));
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy.split("; ")).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ]),
    );
    expect(policy).not.toContain("unsafe");
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });

  it("has the page asked for again each time, and its scripts and styles kept for a year", async () => {
    const url = await addressOf(start());
    const page = await fetch(`${url}/`);
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const assets = [...(await page.text()).matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(assets.length).toBeGreaterThan(1);
    const answers = await Promise.all(assets.map((path) => fetch(`${url}${path}`)));
    for (const { status, headers } of answers) {
      expect([status, headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
    }
    expect((await fetch(`${url}/assets/none.js`)).status).toBe(404);
    expect((await fetch(`${url}/..%2fserver.ts`)).status).toBe(404);
  });

  it("keeps accounts and signed-in people over a restart, with a secret that only its owner can read", async () => {
    const first = start();
    const { body } = await call("POST", `${await addressOf(first)}/api/register`, ADA);
    const { token } = body.data as { token: string };
    expect((await first.stop("SIGINT")).exitCode).toBe(0);
    const url = await addressOf(start());
    expect(await call("GET", `${url}/api/me`, undefined, token)).toMatchObject({
      status: 200,
      body: { data: { nickname: "Ada" } },
    });
    expect(statSync(join(folder, "data", "token-secret")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends with success on %s, also when it comes twice at once",
    async (signal) => {
      const program = start();
      await addressOf(program);
      void program.stop(signal);
      const { exitCode, errors, lines } = await program.stop(signal);
      expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
      expect(lines).toContain("Stopped. All messages are kept.");
    },
  );

  it("takes a relative folder from where the command was typed, which npm tells", async () => {
    const program = start({ DATA: "elsewhere", INIT_CWD: folder });
    await addressOf(program);
    expect(program.lines.join("\n")).toContain(join(folder, "elsewhere", "chat.db"));
  });
});

/** One sentence or two on stderr, nothing that only helps a programmer, and exit code 1. */
function expectRefusal({ exitCode, errors }: ProgramEnd, ...words: readonly string[]): void {
  for (const word of words) expect(errors).toContain(word);
  expect(errors.trimEnd().split("\n")).toHaveLength(1);
  expect(errors).not.toMatch(/ at .*:\d+:\d+/);
  expect(exitCode).toBe(1);
}

/** Loads before the program and makes this Node another one. */
const pretend = (version: string): string =>
  `--import "data:text/javascript,${encodeURIComponent(
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`,
  )}"`;

describe("npm start says in a sentence what to do", () => {
  it.each(["abc", "65536", "-1", "80 80"])("when PORT is %s", async (port) => {
    expectRefusal(await start({ PORT: port }).ended, "PORT", `"${port}"`, "PORT=8080 npm start");
  });

  it("when the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    const end = await start({ PORT: String(port) }).ended;
    other.close();
    expectRefusal(end, `Port ${port} on 127.0.0.1 is taken`, `PORT=${port + 1} npm start`);
  });

  it("when HOST is not this machine", async () => {
    expectRefusal(await start({ HOST: "192.0.2.1" }).ended, "HOST", "192.0.2.1");
  });

  it("when the data folder is a file", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expectRefusal(await start({ DATA: file }).ended, `data folder ${file}`, "is a file", "DATA=");
    expectRefusal(await start({ DATA: join(file, "data") }).ended, "data folder", "is a file", "DATA=");
  });

  it("when the database is no database, or a folder", async () => {
    const [text, place] = [join(folder, "text"), join(folder, "place")];
    mkdirSync(text);
    writeFileSync(join(text, "chat.db"), "no database, but long enough to be looked at. ".repeat(100));
    expectRefusal(await start({ DATA: text }).ended, join(text, "chat.db"), "not a database");
    mkdirSync(join(place, "chat.db"), { recursive: true });
    expectRefusal(await start({ DATA: place }).ended, join(place, "chat.db"), "cannot open");
    expect(readFileSync(join(text, "chat.db"), "utf8")).toContain("no database, but");
  });

  it("when the secret was emptied", async () => {
    const data = join(folder, "emptied");
    mkdirSync(data);
    writeFileSync(join(data, "token-secret"), "\n");
    expectRefusal(await start({ DATA: data }).ended, join(data, "token-secret"), "0 characters", "Remove the file");
  });

  it.each(["12.22.12", "18.20.4", "20.18.3", "21.7.3", "22.11.0"])("when Node is too old: %s", async (version) => {
    const end = await start({ NODE_OPTIONS: pretend(version) }).ended;
    expectRefusal(end, `this is Node ${version}`, "20.19, 22.12 or later", "https://nodejs.org");
  });

  it("when nothing was installed", async () => {
    const copy = join(folder, "clone", START);
    cpSync(join(repositoryFolder, START), copy);
    expectRefusal(await start({}, copy).ended, "run `npm install` first");
  });
});

describe("examples/web-chat/server.ts", () => {
  it("is a whole chat server in at most 30 lines", () => {
    const text = readFileSync(join(repositoryFolder, "examples/web-chat/server.ts"), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
    expect(text).toContain("createImServer(");
  });
});
