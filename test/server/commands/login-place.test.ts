import { describe, expect, it } from "vitest";
import { openStage } from "../fixture.js";
import { Barrier } from "../storage-switch.js";

describe("a login whose place is not in this history", () => {
  async function stageWith(count: number) {
    const stage = await openStage();
    await stage.fill("a", count);
    const ids = (await stage.storage.inbox("a")).map(({ message }) => message.messageId);
    const { syncEpoch } = await stage.storage.messages.readHeads([]);
    return { stage, ids, syncEpoch };
  }

  it("a new client, without cursor and epoch, is not reset", async () => {
    const { stage } = await stageWith(2);
    expect((await stage.device("a")).last("login_ack")).toMatchObject({ reset: false, seq: 0 });
  });

  it("I18: another epoch is a reset to the base, and everything above it comes", async () => {
    const { stage, syncEpoch } = await stageWith(3);
    await stage.storage.markRestored();
    await stage.fill("a", 2);
    const device = await stage.device("a", { cursor: 4, syncEpoch });
    expect(device.last("login_ack")).toMatchObject({ reset: true, seq: 3, headSeq: 5 });
    expect(device.last("login_ack").syncEpoch).not.toBe(syncEpoch);
    expect(device.pushed).toEqual([4, 5]);
  });

  it("I18: another epoch with a cursor below the base is a reset to the cursor", async () => {
    const { stage, syncEpoch } = await stageWith(3);
    await stage.storage.markRestored();
    const device = await stage.device("a", { cursor: 1, syncEpoch });
    expect(device.last("login_ack")).toMatchObject({ reset: true, seq: 1 });
    expect(device.pushed).toEqual([2, 3]);
  });

  it("I18: a cursor beyond the head is a reset", async () => {
    const { stage, syncEpoch } = await stageWith(2);
    const device = await stage.device("a", { cursor: 3, syncEpoch });
    expect(device.last("login_ack")).toMatchObject({ reset: true, seq: 0 });
    expect(device.pushed).toEqual([1, 2]);
  });

  it("I18: another message at the cursor is a reset; the right one is not", async () => {
    const { stage, ids, syncEpoch } = await stageWith(2);
    const right = await stage.device("a", { cursor: 2, syncEpoch, cursorMessageId: ids[1] as string });
    expect(right.last("login_ack")).toMatchObject({ reset: false, seq: 2 });
    const wrong = await stage.device("a", { cursor: 2, syncEpoch, cursorMessageId: ids[0] as string });
    expect(wrong.last("login_ack")).toMatchObject({ reset: true, seq: 0 });
    expect(wrong.pushed).toEqual([1, 2]);
  });

  it("I18: one client's claim resets that client only", async () => {
    const { stage, syncEpoch } = await stageWith(2);
    await stage.device("a", { cursor: 999, syncEpoch: "nonsense" });
    const other = await stage.device("a", { cursor: 2, syncEpoch });
    expect(other.last("login_ack")).toMatchObject({ reset: false, seq: 2, syncEpoch });
  });

  it("I18: a storage restored under a living connection closes it with 1012 at the next news", async () => {
    const { stage } = await stageWith(1);
    const device = await stage.device("a");
    await stage.storage.markRestored();
    await stage.run(30_000);
    expect(device.closed?.code).toBe(1012);
  });

  it("a storage restored during a login tells nobody of a session that never was", async () => {
    const { stage } = await stageWith(1);
    const told: string[] = [];
    stage.im.on("online", () => told.push("online"));
    stage.im.on("offline", () => told.push("offline"));
    const barrier = new Barrier();
    stage.storage.readInbox = barrier.late;
    const device = await stage.device("a");
    stage.storage.readInbox = null;
    await stage.storage.markRestored();
    await stage.fill("a", 1);
    barrier.letGo();
    await stage.run();
    expect(device.closed?.code).toBe(1012);
    expect(told).toEqual([]);
  });
});
