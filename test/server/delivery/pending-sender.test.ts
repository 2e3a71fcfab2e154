import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import type { Failure } from "../../../src/server/im-server.js";
import type { ImServerOptions } from "../../../src/server/options.js";
import { UplinkMaker } from "../../../src/testing/conformance/storage/uplink-maker.js";
import { settle } from "../../../src/testing/fakes/virtual-time.js";
import { FakePendingSends, FakeTransaction } from "../fake-pending-sends.js";
import { Stage, textsOf, watch } from "../fixture.js";
import { Barrier, StorageSwitch } from "../storage-switch.js";

/** A server whose storage shares transactions with its application. */
async function open(options: Partial<ImServerOptions> = {}) {
  const storage = new StorageSwitch();
  const pending = new FakePendingSends(storage.messages);
  const stage = new Stage(options, Object.assign(storage, { pendingSends: pending }));
  const failures: Failure[] = [];
  stage.im.on("failed", (failure) => void failures.push(failure));
  await stage.im.start();
  await stage.run();
  return { stage, pending, failures, uplinks: new UplinkMaker() };
}

const hello = { to: { userId: "bob" }, from: "ann", text: "hello" };

describe("a send within a transaction", () => {
  it("resolves with the message's id before the transaction has committed, and reaches nobody yet", async () => {
    const { stage } = await open();
    const bob = await stage.device("bob");
    const receipt = await stage.im.messages.send(hello, { transaction: new FakeTransaction() });
    await stage.run(60_000);
    expect(receipt).toEqual({ messageId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(textsOf(bob.frames)).toEqual([]);
  });

  it("reaches connected receivers at once when the transaction has committed", async () => {
    const { stage } = await open();
    const told: string[] = [];
    stage.im.on("message", ({ message }) => void told.push(message.messageId));
    const bob = await stage.device("bob");
    const transaction = new FakeTransaction();
    const { messageId } = await stage.im.messages.send(hello, { transaction });
    transaction.commit();
    await stage.run(0);
    expect(textsOf(bob.frames)).toEqual(["hello"]);
    expect(told).toEqual([messageId]);
  });

  it("is the same message with the same key", async () => {
    const { stage } = await open();
    const keyed = { ...hello, key: "order-7" };
    const sent = await stage.im.messages.send(keyed);
    const again = await stage.im.messages.send(keyed, { transaction: new FakeTransaction() });
    expect(again.messageId).toBe(sent.messageId);
  });

  it("needs a storage that takes transactions", async () => {
    const stage = new Stage();
    await stage.im.start();
    const send = stage.im.messages.send(hello, { transaction: new FakeTransaction() });
    await expect(send).rejects.toMatchObject({ code: "invalid_argument", message: /takes no transactions/ });
  });

  it("is refused by a hook before anything is put down", async () => {
    const beforeSend = () => {
      throw new ImError("blocked");
    };
    const { stage, pending } = await open({ hooks: { beforeSend } });
    const transaction = new FakeTransaction();
    await expect(stage.im.messages.send(hello, { transaction })).rejects.toMatchObject({ code: "blocked" });
    transaction.commit();
    await stage.run();
    expect(pending.waiting).toEqual([]);
  });

  it("is checked like any other message", async () => {
    const { stage } = await open();
    const transaction = new FakeTransaction();
    const send = stage.im.messages.send({ ...hello, to: { userId: "no id" } }, { transaction });
    await expect(send).rejects.toMatchObject({ code: "invalid_user_id" });
  });
});

describe("the delivery of pending sends", () => {
  it("finds within 200 ms what another process put down", async () => {
    const { stage, pending, uplinks } = await open();
    const bob = await stage.device("bob");
    pending.waiting.push(uplinks.make({}), uplinks.make({}));
    await stage.run(200);
    expect(textsOf(bob.frames)).toEqual(["message 1", "message 2"]);
  });

  it("looks once every 200 ms while nothing waits", async () => {
    const { stage, pending } = await open();
    pending.limits.length = 0;
    await stage.run(10_000);
    expect(pending.limits).toHaveLength(50);
  });

  it("I10: tells a right that was lost in between as a failure with the message's id", async () => {
    const { stage, pending, failures, uplinks } = await open();
    const uplink = uplinks.make({ target: { kind: "group", id: "gone" } });
    pending.waiting.push(uplink);
    await stage.run(200);
    const error = expect.objectContaining({ code: "not_member" });
    expect(failures).toEqual([{ during: "pending-send", error, messageId: uplink.messageId }]);
    expect(stage.complaints).toHaveLength(1);
  });

  it("tries more and more rarely while the storage is away, and loses nothing", async () => {
    const { stage, pending, failures, uplinks } = await open();
    pending.failures.push(...Array.from({ length: 8 }, () => new ImError("unavailable")));
    pending.waiting.push(uplinks.make({}));
    await stage.run(60_000);
    expect(failures.map(({ during }) => during)).toEqual(Array.from({ length: 8 }, () => "pending-send"));
    expect(pending.waiting).toEqual([]);
    expect((await stage.storage.messages.readHeads(["bob"])).heads.get("bob")).toBe(1);
  });

  it("K8: refuses the one record that can never be stored, and delivers those around it", async () => {
    const { stage, pending, failures, uplinks } = await open();
    const all = Array.from({ length: 7 }, () => uplinks.make({}));
    pending.waiting.push(...all);
    pending.poison = all[3] ?? null;
    await stage.run(200);
    expect(failures).toEqual([
      {
        during: "pending-send",
        error: expect.objectContaining({ code: "store_failed" }),
        messageId: all[3]?.messageId,
      },
    ]);
    expect((await stage.storage.messages.readHeads(["bob"])).heads.get("bob")).toBe(6);
    expect(pending.waiting).toEqual([]);
  });

  it("looks again at once when a transaction commits during a delivery that fails", async () => {
    const { stage, pending } = await open();
    const transaction = new FakeTransaction();
    await stage.im.messages.send(hello, { transaction });
    pending.onCommit = async () => {
      pending.onCommit = null;
      transaction.commit();
      await transaction.settled;
      await settle();
      throw new ImError("busy");
    };
    await stage.run(200);
    await stage.run(0);
    expect(pending.waiting).toEqual([]);
  });

  it("tells a delivery that outlasted its deadline all the same", async () => {
    const { stage, pending, failures, uplinks } = await open();
    const uplink = uplinks.make({ target: { kind: "group", id: "gone" } });
    pending.waiting.push(uplink);
    const barrier = new Barrier();
    pending.onCommit = () => barrier.detour(async () => {});
    await stage.run(11_000);
    pending.onCommit = null;
    expect(failures).toMatchObject([{ during: "pending-send", error: { code: "unavailable" } }]);
    barrier.letGo();
    await stage.run(0);
    expect(failures[1]).toMatchObject({ error: { code: "not_member" }, messageId: uplink.messageId });
  });

  it("I17: a close begins no further delivery and waits for none that has not begun", async () => {
    const { stage, pending, uplinks } = await open();
    const closing = watch(stage.im.close());
    pending.waiting.push(uplinks.make({}));
    await stage.run(20_000);
    expect(closing.done).toBe(true);
    expect(pending.waiting).toHaveLength(1);
  });
});
