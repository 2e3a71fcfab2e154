import { describe, expect, it } from "vitest";
import { CommitBench, resultOf } from "./commit-bench.js";

describe("the committer forms batches", () => {
  it("a lone message is committed at once, without any timer", async () => {
    const bench = new CommitBench();
    const one = bench.submit("1");
    expect(bench.batches).toEqual([["1"]]);
    await bench.run();
    expect(resultOf(one)).toBe(1);
    expect(bench.committer.isIdle).toBe(true);
  });

  it("what arrives during a commit is the next batch, in order", async () => {
    const bench = new CommitBench();
    const all = ["1", "2", "3", "4"].map((name) => bench.submit(name));
    expect(bench.committer.isIdle).toBe(false);
    await bench.run();
    expect(bench.batches).toEqual([["1"], ["2", "3", "4"]]);
    expect(all.map(resultOf)).toEqual([1, 2, 3, 4]);
  });

  it("a batch is cut at the storage's number of uplinks and at its bytes; one larger record goes alone", async () => {
    const bench = new CommitBench({ maxUplinks: 2, maxBytes: 10 });
    const sizes = [1, 5, 5, 1, 1, 50, 1];
    for (const [index, size] of sizes.entries()) bench.submit(`${index}`, { content: new Uint8Array(size) });
    await bench.run();
    expect(bench.batches).toEqual([["0"], ["1", "2"], ["3", "4"], ["5"], ["6"]]);
  });

  it("a storage that answers only a prefix is brought the rest again, before anything newer", async () => {
    const bench = new CommitBench();
    const prefix = (count: number) => async (batch: Parameters<typeof bench.work>[0]) =>
      bench.work(batch.slice(0, count));
    bench.script.push(bench.work, prefix(2), prefix(1));
    const all = ["1", "2", "3", "4", "5"].map((name) => bench.submit(name));
    await bench.run();
    expect(bench.batches).toEqual([["1"], ["2", "3", "4", "5"], ["4", "5"], ["5"]]);
    expect(all.map(resultOf)).toEqual([1, 2, 3, 4, 5]);
  });

  it("I8: K4: uplinks of one conversation share a lane, whatever the number of lanes", async () => {
    const bench = new CommitBench({ parallel: 8 });
    bench.script.push(bench.isAway);
    const there = bench.submit("1");
    const back = bench.submit("2", { senderId: "b", target: { kind: "single", id: "a" } });
    await bench.run(1_000);
    expect([there, back].map(resultOf)).toEqual([1, 2]);
  });

  it("a lane whose storage is away does not hold up another conversation", async () => {
    const bench = new CommitBench({ parallel: 64 });
    bench.script.push(bench.hangs);
    bench.submit("1");
    const others = ["c", "d", "e", "f"].map((id) => bench.submit(id, { target: { kind: "group", id } }));
    await bench.run();
    expect(others.map(resultOf).sort()).toEqual([1, 2, 3, 4]);
  });
});

describe("the committer and a failing storage", () => {
  it("I2: an unknown outcome is repeated, and the repeat gets the receipt of what was stored", async () => {
    const bench = new CommitBench();
    bench.script.push(bench.unheard);
    const one = bench.submit("1");
    await bench.run(100);
    expect(bench.batches).toEqual([["1"], ["1"]]);
    expect(resultOf(one)).toBe(1);
    expect(bench.stored.size).toBe(1);
  });

  it("K1: U11: while the storage is away nothing is answered and the order is kept", async () => {
    const bench = new CommitBench();
    bench.script.push(...Array.from({ length: 6 }, () => bench.isAway));
    const first = bench.submit("1");
    const second = bench.submit("2");
    await bench.run(200);
    expect([first, second].map(resultOf)).toEqual([null, null]);
    await bench.run(4_000);
    expect([first, second].map(resultOf)).toEqual([1, 2]);
    const pauses = bench.at.slice(1, 7).map((at, index) => at - (bench.at[index] as number));
    for (const [index, pause] of pauses.slice(1).entries()) expect(pause).toBeGreaterThan(pauses[index] as number);
  });

  it("I10: after 5 s of failures the senders are told busy: nobody knows, nobody is refused", async () => {
    const bench = new CommitBench();
    bench.script.push(...Array.from({ length: 1_000 }, () => bench.isAway));
    const [first, second] = [bench.submit("1"), bench.submit("2")];
    await bench.run(4_900);
    expect(resultOf(first)).toBeNull();
    await bench.run(1_200);
    expect([first, second].map(resultOf)).toEqual(["busy", "busy"]);
    expect(bench.committer.isIdle).toBe(true);
  });

  it("while it stays away, later uplinks are told busy after one try; once it is back, all is well", async () => {
    const bench = new CommitBench();
    bench.script.push(...Array.from({ length: 1_000 }, () => bench.isAway));
    bench.submit("1");
    await bench.run(6_000);
    const tries = bench.batches.length;
    const second = bench.submit("2");
    await bench.run();
    expect(resultOf(second)).toBe("busy");
    expect(bench.batches).toHaveLength(tries + 1);
    bench.script.length = 0;
    const third = bench.submit("3");
    await bench.run();
    expect(resultOf(third)).toBe(1);
  });

  it("a failure long after an earlier one is tried for 5 s again", async () => {
    const bench = new CommitBench();
    bench.script.push(...Array.from({ length: 1_000 }, () => bench.isAway));
    bench.submit("1");
    await bench.run(6_000);
    bench.script.length = 1;
    await bench.run(3_600_000);
    const late = bench.submit("2");
    await bench.run(1_000);
    expect(resultOf(late)).toBe(1);
  });

  it("a commit that hangs counts as unknown after 10 s and is repeated", async () => {
    const bench = new CommitBench();
    bench.script.push(bench.hangs);
    const one = bench.submit("1");
    await bench.run(9_999);
    expect(bench.batches).toHaveLength(1);
    await bench.run(1_000);
    expect(resultOf(one)).toBe(1);
  });

  it("K8: a record that can never be stored is isolated; all others of its batch are stored", async () => {
    const bench = new CommitBench();
    bench.poison.add("4");
    const all = ["1", "2", "3", "4", "5", "6"].map((name) => bench.submit(name));
    await bench.run(100);
    expect(all.map(resultOf)).toEqual([1, 2, 3, "store_failed", 5, 6]);
  });

  it("I10: U16: the refusal of such a record is stored, so that a late copy gets the same answer", async () => {
    const bench = new CommitBench();
    bench.poison.add("1");
    const first = bench.submit("1");
    await bench.run(100);
    bench.poison.clear();
    const again = bench.submit("1");
    await bench.run(100);
    expect([first, again].map(resultOf)).toEqual(["store_failed", "store_failed"]);
  });

  it("I10: if not even the refusal can be stored, nobody knows: busy", async () => {
    const bench = new CommitBench();
    const broken = () => Promise.reject(new Error("broken"));
    bench.script.push(broken, broken);
    const one = bench.submit("1");
    await bench.run(100);
    expect(resultOf(one)).toBe("busy");
  });

  it("a storage that answers a batch with nothing at all is not asked for ever", async () => {
    const bench = new CommitBench();
    const nothing = async () => ({ syncEpoch: "e", outcomes: [] });
    bench.script.push(...Array.from({ length: 10 }, () => nothing));
    const one = bench.submit("1");
    await bench.run(60_000);
    expect(resultOf(one)).toBe("busy");
  });

  it("a storage that throws instead of rejecting is no different", async () => {
    const bench = new CommitBench();
    bench.script.push(() => {
      throw new Error("at once");
    });
    const [one, two] = [bench.submit("1"), bench.submit("2")];
    await bench.run(60_000);
    expect([one, two].map(resultOf)).toEqual(["store_failed", 2]);
  });
});

describe("the committer's queue is bounded", () => {
  it("I15: above its bytes uplinks are told busy at once, below they are taken again", async () => {
    const bench = new CommitBench({}, 10_000);
    bench.script.push(bench.isAway);
    const content = new Uint8Array(4_000);
    const all = ["1", "2", "3", "4", "5", "6"].map((name) => bench.submit(name, { content }));
    await bench.run();
    expect(all.map(resultOf)).toEqual([null, null, null, null, "busy", "busy"]);
    await bench.run(1_000);
    const late = bench.submit("7", { content });
    await bench.run();
    expect(all.slice(0, 4).map(resultOf)).toEqual([1, 2, 3, 4]);
    expect(resultOf(late)).toBe(5);
  });

  it("I15: uplinks without content are counted too", async () => {
    const bench = new CommitBench({}, 10_000);
    bench.script.push(bench.hangs);
    const content = new Uint8Array(0);
    const all = Array.from({ length: 1_000 }, (_, index) => bench.submit(`${index}`, { content }));
    await bench.run();
    expect(all.map(resultOf).filter((result) => result === "busy").length).toBeGreaterThan(900);
  });
});
