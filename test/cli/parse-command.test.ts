import { describe, expect, it } from "vitest";
import { parseCommand } from "../../src/cli/parse-command.js";
import { nameOf, optionsOf } from "../../src/cli/place.js";

const FROM = "mariadb://user:secret@host:3306/im";

describe("a parsed command", () => {
  it.each([
    ["mysql://u:p@h/chat", "mysql2"],
    ["mariadb://h:3307/chat", "mysql2"],
    ["postgres://u@h/chat", "pg"],
    ["postgresql://h/chat?sslmode=require", "pg"],
  ] as const)("migrates the server of %s with %s", (url, client) => {
    expect(parseCommand(["migrate", url, "--restored"])).toEqual({
      kind: "migrate",
      place: { kind: "server", url, client },
      isRestored: true,
    });
  });

  it("migrates a file as before", () => {
    expect(parseCommand(["migrate", "chat.db"])).toEqual({
      kind: "migrate",
      place: { kind: "file", file: "chat.db", client: "sqlite" },
      isRestored: false,
    });
  });

  it("migrates a file that is called like a protocol, where its folder says that it is one", () => {
    expect(parseCommand(["migrate", "./mysql:x"])).toMatchObject({ place: { kind: "file", file: "./mysql:x" } });
  });

  it("imports from a server into a file or into another server", () => {
    const common = { kind: "import", from: FROM, isDryRun: false, maxContentBytes: null, client: "sqlite" };
    expect(parseCommand(["import", "--from", FROM, "--to", "chat.db"])).toEqual({
      ...common,
      to: { kind: "file", file: "chat.db", client: "sqlite" },
    });
    const words = ["import", `--from=${FROM}`, "--to=postgres://h/x", "--dry-run", "--max-content-bytes=70000"];
    expect(parseCommand(words)).toEqual({
      ...common,
      to: { kind: "server", url: "postgres://h/x", client: "pg" },
      isDryRun: true,
      maxContentBytes: 70_000,
    });
  });

  it("names a server without its user and password, and connects with both", () => {
    const place = { kind: "server", url: "mysql://u:p@h:1/chat?ssl=x", client: "mysql2" } as const;
    expect(nameOf(place)).toBe("mysql://h:1/chat");
    expect(optionsOf(place)).toEqual({ client: "mysql2", connection: place.url });
  });
});
