import { describe, expect, it } from "vitest";
import { memoryStorage } from "../../../src/adapters/memory/memory-storage.js";
import { createImServer } from "../../../src/server/create-im-server.js";
import { VirtualServerRuntime } from "../../../src/testing/fakes/virtual-server-runtime.js";
import { FakeTransport } from "../fake-transport.js";
import { auth, openStage, textsOf } from "../fixture.js";

/** What another process commits to Bob's inbox, with Bob connected here; after how long he has it, ms. */
async function delayFor(isShared: boolean, pollHeadsMs?: number): Promise<number> {
  const storage = Object.assign(memoryStorage(), { isShared });
  const limits = pollHeadsMs === undefined ? {} : { limits: { pollHeadsMs } };
  const here = await openStage({ storage, ...limits });
  const runtime = new VirtualServerRuntime(here.time);
  const there = createImServer({ auth, storage, transport: new FakeTransport(here.time), runtime });
  await there.start();
  const bob = await here.device("bob");
  const sent = there.messages.send({ to: { userId: "bob" }, text: "from there" });
  await here.run();
  await sent;
  for (let waitedMs = 0; ; waitedMs += 100) {
    if (textsOf(bob.frames).includes("from there")) return waitedMs;
    if (waitedMs > 60_000) throw new Error("it never came");
    await here.run(100);
  }
}

describe("processes that share a storage", () => {
  it("I12: a client has what another process committed after limits.pollHeadsMs", async () => {
    expect(await delayFor(true)).toBeLessThanOrEqual(2_000);
    expect(await delayFor(true, 500)).toBeLessThanOrEqual(500);
  });

  it("I12: without other processes the heads are read once per heartbeat", async () => {
    const delayMs = await delayFor(false);
    expect(delayMs).toBeGreaterThan(2_000);
    expect(delayMs).toBeLessThanOrEqual(25_000);
  });
});
