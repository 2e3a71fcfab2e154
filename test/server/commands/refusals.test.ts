import { describe, expect, it } from "vitest";
import { openStage, type Stage, textsOf } from "../fixture.js";
import { type RawClient, uplink } from "../raw-client.js";

async function send(stage: Stage, device: RawClient, ...frames: ReturnType<typeof uplink>[]): Promise<void> {
  device.send(...frames);
  await stage.run();
}

const nackOf = (device: RawClient) => device.last("nack").code;

describe("refusals", () => {
  it("U10: an unknown session type is refused and nothing is stored", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x", { sessionType: 3 }));
    expect(nackOf(a)).toBe("invalid_argument");
    expect(stage.storage.batches).toEqual([]);
  });

  it("an id that is none is refused", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    for (const receiver of ["", "two words", "ä", "x".repeat(65)]) {
      await send(stage, a, uplink(1, receiver, "x"));
      expect(nackOf(a)).toBe("invalid_user_id");
    }
    expect(stage.storage.batches).toEqual([]);
  });

  it("types of the server itself, and type 0, are refused; the application's own are taken", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    for (const [index, type] of [0, 100, 999].entries()) await send(stage, a, uplink(index + 1, "b", "x", { type }));
    expect(a.of("nack").map(({ code }) => code)).toEqual(["invalid_argument", "invalid_argument", "invalid_argument"]);
    for (const [index, type] of [1, 99, 1_000].entries()) await send(stage, a, uplink(index + 10, "b", "x", { type }));
    expect(a.of("uplink_ack")).toHaveLength(3);
  });

  it("content above the limit is refused, content at the limit is taken", async () => {
    const stage = await openStage({ limits: { maxContentBytes: 100 } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x".repeat(101)), uplink(2, "b", "x".repeat(100)));
    expect(a.of("nack")).toMatchObject([{ clientId: 1, code: "too_large" }]);
    expect(a.of("uplink_ack")).toMatchObject([{ clientId: 2 }]);
  });

  it("U9: I11: a group one is no member of, or that does not exist, is refused in the same words and nobody gets it", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "g", name: "g", ownerId: "b", memberIds: [] });
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    await send(stage, a, uplink(1, "g", "x", { sessionType: 2 }), uplink(2, "nothing", "x", { sessionType: 2 }));
    const [member, unknown] = a.of("nack");
    expect(member).toEqual({ ...unknown, clientId: 1 });
    expect(member?.code).toBe("not_member");
    expect([a.pushed, textsOf(b.frames)]).toEqual([[], []]);
  });

  it("G1: I11: after a removal has resolved nothing reaches the removed member, and they cannot send", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "g", name: "g", ownerId: "a", memberIds: ["b"] });
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    await stage.im.groups.remove("g", "b");
    await send(stage, a, uplink(1, "g", "secret", { sessionType: 2 }));
    await send(stage, b, uplink(1, "g", "still here?", { sessionType: 2 }));
    expect(textsOf(b.frames)).toEqual([]);
    expect(nackOf(b)).toBe("not_member");
    await stage.im.groups.add("g", ["b"]);
    await send(stage, a, uplink(2, "g", "welcome", { sessionType: 2 }));
    expect(textsOf(b.frames)).toEqual(["welcome"]);
  });

  it("I10: a refusal stays: the same message is refused again although it would be allowed now", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "g", name: "g", ownerId: "b", memberIds: [] });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "g", "x", { sessionType: 2 }));
    await stage.im.groups.add("g", ["a"]);
    await send(stage, a, uplink(1, "g", "x", { sessionType: 2 }));
    expect(a.of("nack").map(({ code }) => code)).toEqual(["not_member", "not_member"]);
    await send(stage, a, uplink(2, "g", "x", { sessionType: 2 }));
    expect(a.of("uplink_ack")).toMatchObject([{ clientId: 2 }]);
  });

  it("Q14: G6: an unknown receiver is refused where the application says who exists", async () => {
    const exists = async (userId: string) => userId !== "nobody";
    const stage = await openStage({ auth: { authenticate: (token: string) => ({ userId: token }), exists } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "nobody", "x"), uplink(2, "b", "x"));
    expect(a.of("nack")).toMatchObject([{ clientId: 1, code: "not_found" }]);
    expect(a.of("uplink_ack")).toMatchObject([{ clientId: 2 }]);
    expect(await stage.storage.inbox("a")).toHaveLength(1);
  });

  it("U6: a refused id is not used up for others: the next message goes through", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    await send(stage, a, uplink(5, "two words", "x"), uplink(5, "b", "x"), uplink(2, "b", "y"));
    expect(a.of("uplink_ack").map(({ clientId }) => clientId)).toEqual([5, 2]);
  });
});

describe("order", () => {
  it("I8: a message whose predecessor is not stored is told out_of_order and nothing is written", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    await send(stage, a, uplink(2, "b", "second", { afterClientId: 1 }));
    expect(nackOf(a)).toBe("out_of_order");
    await send(stage, a, uplink(1, "b", "first"), uplink(2, "b", "second", { afterClientId: 1 }));
    const texts = (await stage.storage.inbox("b")).map(({ message }) => Buffer.from(message.content).toString());
    expect(texts).toEqual(["first", "second"]);
  });

  it("I8: I10: behind a predecessor that is refused in the same batch nothing is stored", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "g", name: "g", ownerId: "b", memberIds: [] });
    const a = await stage.device("a");
    const [first, second] = [1, 2].map((n) => uplink(n, "g", "x", { sessionType: 2, afterClientId: n - 1 }));
    await send(stage, a, first as ReturnType<typeof uplink>, second as ReturnType<typeof uplink>);
    expect(a.of("nack").map(({ code }) => code)).toEqual(["not_member", "not_member"]);
  });

  it("I9: two receivers see the messages of a conversation in one order", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "g", name: "g", ownerId: "a", memberIds: ["b", "c"] });
    const devices = [await stage.device("a"), await stage.device("b"), await stage.device("c")];
    for (let n = 1; n <= 10; n++) {
      for (const device of devices) device.send(uplink(n, "g", `${n}`, { sessionType: 2 }));
    }
    await stage.run(1_000);
    const orders = devices.map((device) => device.of("push").map(({ item }) => item.message.messageId));
    // The first one says that there is a group.
    expect(orders[0]).toHaveLength(31);
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).toEqual(orders[0]);
  });

  it("I18: an uplink of an older epoch is not judged: the connection is closed to log in again", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    await stage.storage.markRestored();
    await send(stage, a, uplink(1, "b", "x"));
    expect(a.kinds).toEqual(["login_ack"]);
    expect(a.closed?.code).toBe(1012);
    expect(await stage.storage.inbox("b")).toEqual([]);
  });
});
