import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import { openStage, type Stage, textsOf } from "../fixture.js";
import { instance, type RawClient, uplink } from "../raw-client.js";
import { away, Barrier, unheard } from "../storage-switch.js";

async function send(stage: Stage, device: RawClient, ...frames: ReturnType<typeof uplink>[]): Promise<void> {
  device.send(...frames);
  await stage.run();
}

const nackOf = (device: RawClient) => device.last("nack").code;

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
    expect(devices[0]?.last("uplink_ack")).toMatchObject({ clientId: 1, seq: 1 });
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

  it("the same client id of another installation is another message", async () => {
    const stage = await openStage();
    const [one, two] = [await stage.device("a"), await stage.device("a", { instanceId: instance(2) })];
    await send(stage, one, uplink(1, "b", "x"));
    await send(stage, two, uplink(1, "b", "y"));
    expect(await stage.storage.inbox("b")).toHaveLength(2);
  });
});

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
    expect([a.pushed, b.pushed]).toEqual([[], []]);
  });

  it("G1: I11: after a removal has resolved nothing reaches the removed member, and they cannot send", async () => {
    const stage = await openStage();
    await stage.im.groups.create({ id: "g", name: "g", ownerId: "a", memberIds: ["b"] });
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    await stage.im.groups.remove("g", "b");
    await send(stage, a, uplink(1, "g", "secret", { sessionType: 2 }));
    await send(stage, b, uplink(1, "g", "still here?", { sessionType: 2 }));
    expect(b.pushed).toEqual([]);
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
    expect(orders[0]).toHaveLength(30);
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

describe("hooks", () => {
  it("see the message, may change it, and every receiver has what was stored", async () => {
    const seen: unknown[] = [];
    const beforeSend = async ({ message, sender }: { message: { text: string | undefined }; sender: object }) => {
      seen.push([message.text, sender]);
      return { text: `${message.text}!` };
    };
    const stage = await openStage({ hooks: { beforeSend } });
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    await send(stage, a, uplink(1, "b", "hi"));
    expect(seen).toEqual([["hi", { userId: "a" }]]);
    expect([textsOf(a.frames), textsOf(b.frames)]).toEqual([["hi!"], ["hi!"]]);
  });

  it("I10: a refusal by the hook is stored: a repeat is refused without regard to what the hook says then", async () => {
    const verdicts: (() => void)[] = [
      () => {
        throw new ImError("blocked");
      },
      () => {},
    ];
    const stage = await openStage({ hooks: { beforeSend: () => verdicts.shift()?.() } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x"), uplink(1, "b", "x"));
    expect(a.of("nack").map(({ code }) => code)).toEqual(["blocked", "blocked"]);
    expect(await stage.storage.inbox("b")).toEqual([]);
  });

  it("I2: a message that was stored is acknowledged again although the hook would refuse it now", async () => {
    let isStrict = false;
    const beforeSend = () => {
      if (isStrict) throw new ImError("forbidden");
    };
    const stage = await openStage({ hooks: { beforeSend } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x"));
    isStrict = true;
    await send(stage, a, uplink(1, "b", "x"));
    const [first, again] = a.of("uplink_ack");
    expect(again).toEqual(first);
  });

  it("I10: a hook that crashes decides nothing: the sender is told busy, and the next try counts", async () => {
    let crashes = true;
    const beforeSend = () => {
      if (crashes) throw new TypeError("secret detail");
    };
    const stage = await openStage({ hooks: { beforeSend } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x"));
    expect(a.last("nack")).toMatchObject({ code: "busy", retryAfterMs: 5_000 });
    expect(JSON.stringify(a.frames)).not.toContain("secret");
    crashes = false;
    await send(stage, a, uplink(1, "b", "x"));
    expect(a.of("uplink_ack")).toHaveLength(1);
  });

  it.each([{ content: "text" }, { text: 5 }, { content: [1, 2] }])(
    "answering %j is a crash too: nothing is stored",
    async (answer) => {
      const stage = await openStage({ hooks: { beforeSend: () => answer as { text: string } } });
      const a = await stage.device("a");
      await send(stage, a, uplink(1, "b", "x"));
      expect(nackOf(a)).toBe("busy");
      expect(await stage.storage.inbox("b")).toEqual([]);
    },
  );

  it("content a hook makes too large is refused", async () => {
    const stage = await openStage({ hooks: { beforeSend: () => ({ text: "x".repeat(40_000) }) } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x"));
    expect(nackOf(a)).toBe("too_large");
  });

  it("I16: a hook that never answers holds up its own connection only", async () => {
    const beforeSend = ({ sender }: { sender: { userId: string } }) =>
      sender.userId === "a" ? new Promise<never>(() => {}) : undefined;
    const stage = await openStage({ hooks: { beforeSend } });
    const [a, c] = [await stage.device("a"), await stage.device("c")];
    await send(stage, a, uplink(1, "b", "x"));
    await send(stage, c, uplink(1, "b", "y"));
    expect([a.of("uplink_ack").length, c.of("uplink_ack").length]).toEqual([0, 1]);
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
