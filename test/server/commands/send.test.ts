import { describe, expect, it } from "vitest";
import { openStage, type Stage, textsOf } from "../fixture.js";
import { instance, type RawClient, uplink } from "../raw-client.js";
import { away, Barrier, unheard } from "../storage-switch.js";

async function send(stage: Stage, device: RawClient, ...frames: ReturnType<typeof uplink>[]): Promise<void> {
  device.send(...frames);
  await stage.run();
}

describe("sending", () => {
  it("to a user: acknowledged with id and seq, pushed to the receiver and as a copy to the sender", async () => {
    const stage = await openStage();
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    await send(stage, a, uplink(7, "b", "hello"));
    const { origin } = a.last("login_ack");
    const messageId = `${origin}0000000000000007`;
    expect(a.last("uplink_ack")).toMatchObject({ clientId: 7, seq: 1, messageId, serverTime: stage.runtime.now() });
    for (const device of [a, b]) expect(device.last("push").item.message).toMatchObject({ messageId, senderId: "a" });
    expect(textsOf(b.frames)).toEqual(["hello"]);
  });

  it("U2: the ACK stands before the pushes of the same turn", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    a.forget();
    await send(stage, a, uplink(1, "b", "x"), uplink(2, "a", "y"));
    for (const batch of a.batches) {
      const kinds = batch.map(({ kind }) => kind);
      expect(kinds).toEqual([...kinds].sort((one, two) => Number(one === "push") - Number(two === "push")));
    }
    expect(a.of("uplink_ack")).toHaveLength(2);
    expect(a.pushed).toEqual([1, 2]);
    expect(a.kinds.indexOf("uplink_ack")).toBeLessThan(a.kinds.indexOf("push"));
  });

  it("to a group: every member has it once, the sender too", async () => {
    const stage = await openStage();
    const { id } = await stage.im.groups.create({ name: "g", ownerId: "a", memberIds: ["b", "c", "b"] });
    const devices = [await stage.device("a"), await stage.device("b"), await stage.device("c")];
    await send(stage, devices[0] as RawClient, uplink(1, id, "all", { sessionType: 2 }));
    expect(devices.map((device) => textsOf(device.frames))).toEqual([["all"], ["all"], ["all"]]);
    // The first item said that there is a group.
    expect(devices[0]?.last("uplink_ack")).toMatchObject({ clientId: 1, seq: 2 });
  });

  it("to oneself: one item, on every device", async () => {
    const stage = await openStage();
    const [one, two] = [await stage.device("a"), await stage.device("a", { instanceId: instance(2) })];
    await send(stage, one, uplink(1, "a", "note"));
    expect(await stage.storage.inbox("a")).toHaveLength(1);
    expect([one.pushed, two.pushed]).toEqual([[1], [1]]);
  });

  it("own copies reach the other device of the sender", async () => {
    const stage = await openStage();
    const [one, two] = [await stage.device("a"), await stage.device("a", { instanceId: instance(2) })];
    await send(stage, one, uplink(1, "b", "x"));
    expect(two.pushed).toEqual([1]);
    expect(two.of("uplink_ack")).toEqual([]);
  });

  it("I1: Q12: U11: while the commit is under way there is neither ACK nor push", async () => {
    const stage = await openStage();
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    const barrier = new Barrier();
    stage.storage.commit = barrier.detour;
    await send(stage, a, uplink(1, "b", "x"));
    expect([a.of("uplink_ack"), b.of("push")]).toEqual([[], []]);
    barrier.letGo();
    await stage.run();
    expect([a.of("uplink_ack").length, b.pushed]).toEqual([1, [1]]);
  });

  it("U7: the ACK does not depend on the push: a receiver whose socket hangs costs the sender nothing", async () => {
    const stage = await openStage();
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    b.socket.setFarReading(false);
    await send(stage, a, uplink(1, "b", "x"));
    expect(a.of("uplink_ack")).toHaveLength(1);
  });

  it("I19: Q9: a message is the same, byte for byte, by push, by sync and on every device", async () => {
    const stage = await openStage();
    const live = await stage.device("b");
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "same", { clientTime: 12_345 }));
    const later = await stage.device("b", { instanceId: instance(9) });
    const legacy = await stage.legacyDevice("b");
    legacy.send({ kind: "sync", seq: 0, limit: 0, syncEpoch: "" });
    await stage.run();
    const pushed = live.last("push").item;
    expect(later.last("push").item).toEqual(pushed);
    expect(legacy.last("sync_page").items).toEqual([pushed]);
    const tail = (device: RawClient) => Buffer.from(device.received.at(-1) ?? []).toString("hex");
    expect(tail(later)).toContain(tail(live));
  });
});

describe("a message once", () => {
  it("U1: U4: U5: I2: a retry from another connection of the same installation gets the same answer and stores nothing", async () => {
    const stage = await openStage();
    const [first, b] = [await stage.device("a"), await stage.device("b")];
    await send(stage, first, uplink(1, "b", "x"));
    first.socket.drop(1006);
    await stage.fill("a", 3);
    const second = await stage.device("a", { cursor: 1, syncEpoch: first.last("login_ack").syncEpoch });
    await send(stage, second, uplink(1, "b", "x"), uplink(1, "b", "x"));
    const [ack] = first.of("uplink_ack");
    expect(second.of("uplink_ack")).toEqual([ack, ack]);
    expect(b.pushed).toEqual([1]);
    expect(await stage.storage.inbox("b")).toHaveLength(1);
  });

  it("I2: two connections that send the same message at once get one receipt", async () => {
    const stage = await openStage();
    const [one, two] = [await stage.device("a"), await stage.device("a")];
    one.send(uplink(1, "b", "x"));
    two.send(uplink(1, "b", "x"));
    await stage.run();
    expect(one.of("uplink_ack")).toEqual(two.of("uplink_ack"));
    expect(await stage.storage.inbox("b")).toHaveLength(1);
  });

  it("I2: a commit whose outcome nobody heard is asked for again and answered once", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    stage.storage.commit = (real) => {
      stage.storage.commit = null;
      return unheard(real);
    };
    await send(stage, a, uplink(1, "b", "x"));
    await stage.run(1_000);
    expect(a.of("uplink_ack")).toMatchObject([{ clientId: 1, seq: 1 }]);
    expect(await stage.storage.inbox("b")).toHaveLength(1);
  });

  it("a repeat hides no news: what is new in the same batch is pushed at once", async () => {
    const stage = await openStage();
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    await send(stage, a, uplink(1, "b", "old"));
    const barrier = new Barrier();
    stage.storage.commit = barrier.detour;
    await send(stage, a, uplink(2, "c", "first batch"), uplink(1, "b", "old"), uplink(3, "b", "new"));
    stage.storage.commit = null;
    barrier.letGo();
    await stage.run();
    expect(stage.storage.batches.at(-1)).toBe(2);
    expect(textsOf(b.frames)).toEqual(["old", "new"]);
  });

  it("the same client id of another installation is another message", async () => {
    const stage = await openStage();
    const [one, two] = [await stage.device("a"), await stage.device("a", { instanceId: instance(2) })];
    await send(stage, one, uplink(1, "b", "x"));
    await send(stage, two, uplink(1, "b", "y"));
    expect(await stage.storage.inbox("b")).toHaveLength(2);
  });
});

describe("sending while the storage is away", () => {
  it("K1: nothing is acknowledged, and when it is back within 5 s nobody noticed", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    stage.storage.commit = away;
    await send(stage, a, uplink(1, "b", "x"), uplink(2, "b", "y", { afterClientId: 1 }));
    await stage.run(3_000);
    expect(a.kinds).toEqual(["login_ack"]);
    stage.storage.commit = null;
    await stage.run(1_000);
    expect(a.of("uplink_ack").map(({ clientId }) => clientId)).toEqual([1, 2]);
  });

  it("U15: I10: after 5 s it is told busy with a time to come again, and then it succeeds", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    stage.storage.commit = away;
    await send(stage, a, uplink(1, "b", "x"));
    await stage.run(7_000);
    expect(a.last("nack")).toMatchObject({ clientId: 1, code: "busy", retryAfterMs: 1_000 });
    stage.storage.commit = null;
    await send(stage, a, uplink(1, "b", "x"));
    expect(a.of("uplink_ack")).toHaveLength(1);
  });

  it("Q10: pushes wait for a storage that cannot be read, and then all come", async () => {
    const stage = await openStage();
    await stage.fill("b", 5);
    const { syncEpoch } = await stage.storage.messages.readHeads([]);
    const barrier = new Barrier();
    stage.storage.readInbox = barrier.detour;
    const b = await stage.device("b", { cursor: 2, syncEpoch });
    barrier.letGo();
    stage.storage.readInbox = away;
    await stage.run(2_000);
    expect(b.kinds).toEqual(["login_ack"]);
    stage.storage.readInbox = null;
    await stage.run(5_000);
    expect(b.pushed).toEqual([3, 4, 5]);
  });
});
