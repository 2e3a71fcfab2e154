import { describe, expect, it } from "vitest";
import { openStage, textsOf } from "./fixture.js";
import { hangs } from "./storage-switch.js";

describe("A storage call that never comes back", () => {
  it("I12: delays the stream that made it, and does not stop it for ever", async () => {
    const stage = await openStage();
    await stage.fill("bob", 2);
    const bob = await stage.device("bob", { cursor: 0 });
    bob.forget();
    await stage.fill("bob", 1, 3);
    expect(textsOf(bob.frames)).toEqual(["3"]);

    stage.storage.readInbox = hangs;
    bob.send({ kind: "sync", seq: 0, limit: 0, syncEpoch: "" });
    await stage.run(10_000);
    expect(bob.of("sync_page").map(({ code }) => code)).toEqual(["busy"]);
    stage.storage.readInbox = null;
    await stage.fill("bob", 1, 4);
    await stage.run(6_000);
    expect(textsOf(bob.frames).at(-1)).toBe("4");
  });

  it("I12: does not end the reading of heads", async () => {
    const stage = await openStage({ limits: { heartbeatMs: 20_000 } });
    const bob = await stage.device("bob");
    stage.storage.readHeads = hangs;
    await stage.run(15_000);
    stage.storage.readHeads = null;
    const before = stage.storage.calls.filter((name) => name === "readHeads").length;
    await stage.run(20_000);
    expect(stage.storage.calls.filter((name) => name === "readHeads").length).toBeGreaterThan(before);
    expect(bob.closed).toBe(null);
  });
});
