import { describe, expect, it } from "vitest";
import { assertPorts, parseChaosArguments } from "../../../scripts/chaos/chaos-arguments.js";

const ORDEALS = ["two-nodes", "kill-node"];
const parse = (text: string) => parseChaosArguments(text === "" ? [] : text.split(" "), ORDEALS);

describe("the arguments of chaos", () => {
  it("mean a storm of 3 minutes, seed 1 and 100 clients when nothing is said", () => {
    expect(parse("")).toEqual({ kind: "storm", minutes: 3, seed: 1, clients: 100, json: null });
  });

  it("choose length, seed, clients and file", () => {
    const said = parse("--minutes 0.5 --seed 42 --clients 20 --json out.json");
    expect(said).toEqual({ kind: "storm", minutes: 0.5, seed: 42, clients: 20, json: "out.json" });
  });

  it("choose one ordeal, or all", () => {
    expect(parse("--ordeal kill-node")).toMatchObject({ kind: "ordeal", names: ["kill-node"], clients: null });
    expect(parse("--ordeal all --clients 30")).toMatchObject({ names: ORDEALS, clients: 30 });
  });

  it("ask for help, whatever else is said", () => {
    expect(parse("--help --minutes nonsense")).toEqual({ kind: "help" });
  });

  it.each([
    ["--minutes 0", "--minutes takes a number above 0"],
    ["--minutes 3m", "--minutes takes a number above 0"],
    ["--minutes 601", "at most 600"],
    ["--seed -1", "'--seed' argument is ambiguous"],
    ["--seed=-1", "--seed takes a whole number from 0 on, not"],
    ["--seed=1.5", "--seed takes a whole number from 0"],
    ["--clients 9", "--clients takes a whole number from 10 to 1000"],
    ["--ordeal nothing", "--ordeal takes all, two-nodes, kill-node"],
    ["--ordeal all --minutes 1", "--minutes is for storms"],
    ["--json=", "--json takes the name of a file"],
    ["--json no/such/folder/out.json", "--json takes a file in a folder that is there"],
    ["--wind 3", "--wind"],
    ["3", "Unexpected argument"],
  ])("%s is refused with what is wrong", (text, words) => {
    expect(() => parse(text)).toThrow(words);
  });

  it.each([undefined, "", "21000", "1024", "32000"])("let the ports begin at %s", (text) => {
    expect(() => assertPorts(text)).not.toThrow();
  });

  it.each(["abc", "0", "1023", "32001", "-1", "21000.5"])("refuse %s as the first of the ports", (text) => {
    expect(() => assertPorts(text)).toThrow(`SHYIM_CHAOS_PORTS takes the first of 500 free ports, 1024 to 32000`);
  });
});
