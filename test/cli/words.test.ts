import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureText } from "../../src/cli/failure-text.js";
import { CommandLine } from "./command-line.js";

const SERVER = "mysql://user:secret@host/chat";

describe("the words behind shyim", () => {
  let shell: CommandLine;
  beforeAll(async () => {
    shell = await CommandLine.open();
  });
  afterAll(() => shell.close());

  it.each([
    ["no command", [], "no command was given: try `shyim migrate chat.db`"],
    [
      "another command",
      ["migarte", "chat.db"],
      'there is no command "migarte", only "migrate", "backup" and "import": see',
    ],
    ["another option", ["migrate", "chat.db", "--force"], 'there is no option "--force": see `shyim migrate --help`'],
    ["another short option", ["migrate", "chat.db", "-f"], 'there is no option "-f": see'],
    ["no path", ["migrate"], "a path is missing, expected <file>, got none: try `shyim migrate chat.db`"],
    ["two paths", ["migrate", "my", "chat.db"], 'too many paths, expected <file>, got "my" "chat.db": put a path with'],
    ["an empty path", ["migrate", ""], '"" is no path of a file, expected <file>: try'],
    ["one path for a backup", ["backup", "chat.db"], 'a path is missing, expected <file> <copy>, got "chat.db": try'],
    ["an option of another command", ["backup", "--restored", "a", "b"], 'there is no option "--restored": see'],
    ["a database in memory", ["migrate", ":memory:"], '":memory:" is no path of a file, expected <file>: try'],
    [
      "a driver nobody knows",
      ["migrate", "a.db", "--client", "mysql"],
      "--client must be sqlite or better-sqlite3, got",
    ],
    ["no driver", ["migrate", "chat.db", "--client"], "--client must be sqlite or better-sqlite3, got nothing: leave"],
    ["a value too many", ["migrate", "chat.db", "--restored=yes"], '--restored takes no value, got "yes": write'],
    ["a driver for a server", ["migrate", "pg://x", "--client", "sqlite"], '"pg://…" is no URL of a database: try'],
    [
      "a driver of files for a server",
      ["migrate", SERVER, "--client", "sqlite"],
      "--client chooses how a file is read",
    ],
    ["a server without a database", ["migrate", "mysql://u:secret@h"], '"mysql://…" is no URL of a database: try'],
    ["a server without slashes", ["migrate", "mysql:secret"], '"mysql:…" is no URL of a database: try mysql://user'],
    ["a server with one", ["migrate", "Postgres:/u:secret@h/x"], '"Postgres:…" is no URL of a database: try mysql://'],
    [
      "a target without slashes",
      ["import", "--from", SERVER, "--to", "mariadb:x"],
      '"mariadb:…" is no URL of a database: try',
    ],
    [
      "a source without slashes",
      ["import", "--from", "mysql:secret", "--to", "a"],
      '"mysql:…" is no URL of a database',
    ],
    [
      "a copy without slashes",
      ["backup", "a", "mysql:secret"],
      '"mysql:…" is no path of a file, expected <file> <copy>',
    ],
    ["a protocol nobody speaks", ["migrate", "mongo://u:secret@h/x"], '"mongo://…" is no URL of a database: try'],
    ["two servers", ["migrate", SERVER, SERVER], 'too many paths, expected <file>, got "mysql://…" "mysql://…": put'],
    ["a server for a command", [SERVER], 'there is no command "mysql://…", only'],
    [
      "a backup of a server",
      ["backup", SERVER, "a"],
      "a database server is backed up with its own tools (mariadb-dump",
    ],
    [
      "a backup into a server",
      ["backup", "a", SERVER],
      '"mysql://…" is no path of a file, expected <file> <copy>: try',
    ],
    ["no source", ["import", "--to", "a.db"], "--from names no database: try `shyim import --from mysql://"],
    ["no target", ["import", "--from", SERVER, "--to"], "--to names no database: try `shyim import --from mysql://"],
    ["a file as a source", ["import", "--from", "a", "--to", "b"], "--from must be the original's database, mysql://"],
    [
      ...(["another server as a source", ["import", "--from", "postgres://u:secret@h/x", "--to", "b"]] as const),
      '--from must be the original\'s database, mysql://user:password@host/im, got "postgres://…"',
    ],
    ["a word too many", ["import", SERVER, "--from", SERVER], '"mysql://…" belongs to no option: try `shyim import'],
    [
      ...(["a size that is none", ["import", "--from", SERVER, "--to", "a", "--max-content-bytes", "1k"]] as const),
      '--max-content-bytes must be a number from 1 to 1000000, got "1k"',
    ],
  ])("are one sentence of advice and exit code 2 for %s", async (_case, args, sentence) => {
    const { exitCode, out, err } = await shell.run(...args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(err.split("\n")).toHaveLength(1);
    expect(err.startsWith(`shyim: ${sentence}`), err).toBe(true);
    expect(err).not.toContain("secret");
  });

  it.each([[["--help"]], [["-h"]]])("explain everything for %j", async (args) => {
    const { exitCode, out, err } = await shell.run(...args);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out).toContain("shyim migrate <database>");
  });

  it("explain a command, whatever else was said", async () => {
    const { exitCode, out } = await shell.run("migrate", "--force", "--help");
    expect(exitCode).toBe(0);
    expect(out).toContain("--restored");
    expect(out).toContain("--client");
  });

  it("fit the lines of a terminal", async () => {
    const commands = ["migrate", "backup", "import"];
    const pages = [
      await shell.run("--help"),
      ...(await Promise.all(commands.map((name) => shell.run(name, "--help")))),
    ];
    const widest = Math.max(...pages.flatMap(({ out }) => out.split("\n")).map(({ length }) => length));
    expect(widest).toBeLessThanOrEqual(80);
  });

  it("tell the version", async () => {
    expect(await shell.run("--version")).toEqual({ exitCode: 0, out: "1.2.3", err: "" });
  });

  it("take a path that looks like an option behind --", async () => {
    const { exitCode } = await shell.run("migrate", "--client", "sqlite", "--", shell.path("--odd.db"));
    expect(exitCode).toBe(0);
    expect(await shell.files()).toContain("--odd.db");
  });
});

describe("a failure", () => {
  const facts = { version: "1.2.3", peerDependencies: { knex: "~3.3.0" } };

  it.each([
    "Cannot find package 'knex' imported from /app/node_modules/shyim/dist/adapters/knex/index.js",
    "Cannot find module '/app/node_modules/knex/lib/dialects/sqlite3/index.js' imported from /app/a.js",
  ])("names the package to install: %s", (message) => {
    const advice = "this needs the package knex ~3.3.0: npm install knex@~3.3.0";
    expect(failureText(new Error(message), facts)).toBe(advice);
  });

  it("that nobody foresaw comes with its stack", () => {
    expect(failureText(new TypeError("x is not a function"), facts)).toContain("words.test.ts");
  });
});
