import { stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UplinkMaker } from "../../src/testing/conformance/storage/uplink-maker.js";
import { CommandLine } from "./command-line.js";

describe("shyim backup", () => {
  let shell: CommandLine;
  beforeEach(async () => {
    shell = await CommandLine.open();
  });
  afterEach(() => shell.close());

  it("copies what was committed, while a server has the file open, and says how large the copy is", async () => {
    const server = shell.storage("chat.db");
    await server.start();
    await server.messages.commit([new UplinkMaker().make({})]);
    const [file, target] = [shell.path("chat.db"), shell.path("copy.db")];
    const result = await shell.run("backup", file, target);
    await server.close();
    const size = ((await stat(target)).size / 2 ** 20).toFixed(1);
    expect(result).toEqual({ exitCode: 0, out: `${file}: copied to ${target}, ${size} MiB`, err: "" });
    const copy = shell.storage("copy.db");
    await copy.start();
    expect((await copy.messages.readHeads(["bob"])).heads.get("bob")).toBe(1);
    await copy.close();
  });

  it("creates nothing when there is no database", async () => {
    const { exitCode, err } = await shell.run("backup", shell.path("chat.db"), shell.path("copy.db"));
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/chat\.db is not there: .*nothing was created/)]);
    expect(await shell.files()).toEqual([]);
  });

  it("takes no other file's place", async () => {
    await shell.run("migrate", shell.path("chat.db"));
    await writeFile(shell.path("copy.db"), "precious");
    const { exitCode, err } = await shell.run("backup", shell.path("chat.db"), shell.path("copy.db"));
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/cannot write the copy .*copy\.db.*must be a new file/)]);
  });
});
