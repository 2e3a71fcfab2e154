import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { repositoryFolder } from "../house/source-files.js";
import { Program, type ProgramEnd } from "./run-program.js";

const packageJson = readFileSync(join(repositoryFolder, "package.json"), "utf8");
const [, file = "none"] = /"quickstart": "tsx ([^"]+)"/.exec(packageJson) ?? [];

const ofAda = (line: string) => /^(\w+: .+?) *\|$/.exec(line)?.[1];
const ofBob = (line: string) => /^ +\| (\w+: .+)$/.exec(line)?.[1];
const shown = (lines: readonly string[], screen: typeof ofAda) =>
  lines.map(screen).filter((line) => line !== undefined);

describe("npm run quickstart", () => {
  let end: ProgramEnd;
  beforeAll(async () => {
    end = await new Program(file).ended;
  });

  it("I6: shows a conversation over a link that breaks, each message once per screen and in one order", () => {
    const [ada, bob] = [shown(end.lines, ofAda), shown(end.lines, ofBob)];
    expect(ada.length).toBeGreaterThan(6);
    expect(new Set(ada).size).toBe(ada.length);
    expect(bob).toEqual(ada);
  });

  it("counts what it has shown and ends by itself, with success and without a word on stderr", () => {
    const count = shown(end.lines, ofAda).length;
    expect(end.lines).toContain(`sent ${count}, shown ${count} on Ada's screen and ${count} on Bob's`);
    expect(end.lines).toContain("doubled 0, lost 0, the same order on both screens");
    expect(end.errors).toBe("");
    expect(end.exitCode).toBe(0);
  });

  it("shows that Bob's screen stands still while his link is cut, and that Ada's goes on", () => {
    const cut = end.lines.findIndex((line) => line.includes("is cut;"));
    const mended = end.lines.findIndex((line) => line.includes("is mended"));
    const meanwhile = end.lines.slice(cut, mended);
    expect(shown(meanwhile, ofBob)).toEqual([]);
    expect(shown(meanwhile, ofAda).length).toBeGreaterThan(1);
    expect(end.lines[mended]).toContain("3 messages in his outbox");
  });

  it("prints no colours where nobody can see them", () => {
    expect(end.lines.join("\n")).not.toContain("\x1b");
  });
});
