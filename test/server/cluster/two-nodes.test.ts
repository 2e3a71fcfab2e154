import { describe, expect, it } from "vitest";
import type { DevicePolicy } from "../../../src/adapters/contracts/index.js";
import type { ImError } from "../../../src/core/errors.js";
import { createImServer } from "../../../src/server/create-im-server.js";
import type { LogFields } from "../../../src/server/logger.js";
import type { FakeSocket } from "../fake-transport.js";
import { auth, textsOf } from "../fixture.js";
import { instance, login, RawClient, uplink } from "../raw-client.js";
import { openPair } from "./nodes.js";

describe.each([
  ["straight into the storage", false],
  ["through a queue", true],
])("two nodes that store messages %s", (_, withQueue) => {
  it("I4, I8: their clients write to each other, each message is acknowledged and shown once, in order", async () => {
    const { stage, left, right } = await openPair({}, { withQueue });
    const [ada, bob] = [await left.device("ada"), await right.device("bob")];
    for (let n = 1; n <= 5; n++) {
      ada.send(uplink(n, "bob", `a${n}`));
      await stage.run(50);
    }
    bob.send(uplink(1, "ada", "b1"));
    await stage.run(200);
    expect(textsOf(bob.frames)).toEqual(["a1", "a2", "a3", "a4", "a5", "b1"]);
    expect(textsOf(ada.frames)).toEqual(["a1", "a2", "a3", "a4", "a5", "b1"]);
    expect(ada.of("uplink_ack").map(({ clientId }) => clientId)).toEqual([1, 2, 3, 4, 5]);
    expect(bob.pushed).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("I6: a user with a device on each sees one stream on both", async () => {
    const { stage, left, right } = await openPair({}, { withQueue });
    const here = await left.device("ada");
    const there = await right.device("ada", { instanceId: instance(2) });
    here.send(uplink(1, "bob", "one"));
    await stage.run(200);
    there.send(uplink(1, "bob", "two"));
    await stage.run(200);
    for (const device of [here, there]) expect(textsOf(device.frames)).toEqual(["one", "two"]);
  });

  it("a group with members on both hears everything once", async () => {
    const { stage, left, right } = await openPair({}, { withQueue });
    const [ada, bob] = [await left.device("ada"), await right.device("bob")];
    const creating = left.im.groups.create({ id: "g", name: "g", ownerId: "ada", memberIds: ["bob"] });
    await stage.during(creating);
    await stage.during(right.im.messages.send({ to: { groupId: "g" }, text: "from the server" }));
    ada.send(uplink(1, "g", "from ada", { sessionType: 2 }));
    await stage.run(200);
    for (const device of [ada, bob]) expect(textsOf(device.frames)).toEqual(["from the server", "from ada"]);
  });
});

describe("sessions on two nodes", () => {
  it("P3, P6: single: a login on the one ends the session on the other, which is told why", async () => {
    const { left, right } = await openPair({ devices: "single" });
    const first = await left.device("ada");
    const second = await right.device("ada", { instanceId: instance(2) });
    expect(first.closed).toMatchObject({ code: 4409 });
    expect(first.of("kick")).toHaveLength(1);
    expect(second.kinds).toEqual(["login_ack"]);
    expect(second.closed).toBeNull();
  });

  it("reject-new: a second device is kept out on the other node as well, and let in when the first is gone", async () => {
    const { stage, left, right } = await openPair({ devices: "reject-new" });
    const first = await left.device("ada", { instanceId: new Uint8Array(16).fill(1) });
    const second = await right.device("ada", { instanceId: new Uint8Array(16).fill(2) });
    expect(second.of("nack").map(({ code }) => code)).toEqual(["forbidden"]);
    first.socket.close(1000, "");
    await stage.run(100);
    const third = await right.device("ada", { instanceId: new Uint8Array(16).fill(2) });
    expect(third.kinds).toEqual(["login_ack"]);
  });

  it("S12: disconnect() ends every session of the user, on every node", async () => {
    const { stage, left, right } = await openPair();
    const devices = [await left.device("ada"), await right.device("ada"), await right.device("bob")];
    expect(await left.im.sessions.disconnect("ada", { reason: "revoked" })).toBe(1);
    await stage.run(100);
    expect(devices.map(({ closed }) => closed?.code ?? null)).toEqual([4410, 4410, null]);
  });

  it("S12, I14: an order to end sessions that reaches a node late ends those of its time, and none that have begun since", async () => {
    const { stage, left, right } = await openPair();
    const before = await right.device("ada");
    right.helpers.cut();
    await left.im.sessions.disconnect("ada");
    await stage.run(3_000);
    const since = await right.device("ada");
    await stage.run(1_500);
    expect([before.closed, since.kinds]).toEqual([null, ["login_ack"]]);
    right.helpers.heal();
    await stage.run(3_000);
    expect([before.closed?.code, since.closed]).toEqual([4410, null]);
  });

  it.each<DevicePolicy>(["one-per-device-kind", "single", "reject-new"])(
    "I14: %s: a login that was held up on one node ends no session that its installation has begun since on the other",
    async (devices) => {
      let letIn = (): void => {};
      const heldUp = new Promise<void>((resolve) => {
        letIn = resolve;
      });
      let logins = 0;
      const authenticate = async (userId: string) => {
        if (logins++ === 0) await heldUp;
        return { userId };
      };
      const { stage, left, right } = await openPair({ devices, auth: { authenticate } });
      const first = await left.device("ada");
      await stage.run(2_000);
      const second = await right.device("ada");
      letIn();
      await stage.run(1_000);
      expect(first.closed).toBeNull();
      expect(second.kinds).toEqual(["login_ack"]);
      expect(second.closed).toBeNull();
    },
  );

  it("P5: a connection that ends while the book is asked about its login keeps nobody out", async () => {
    const begun: (() => void)[] = [];
    const authenticate = (userId: string) => {
      for (const act of begun.splice(0)) stage.time.after(0, act);
      return { userId };
    };
    const { stage, left, right } = await openPair({ devices: "reject-new", auth: { authenticate } });
    const first = new RawClient();
    first.open(left.transport.arrive("10.0.0.1", first) as FakeSocket);
    begun.push(() => first.socket.close(1000, ""));
    first.send(login("ada", { instanceId: instance(1) }));
    await stage.run(100);
    expect(first.kinds).toEqual([]);
    const second = await right.device("ada", { instanceId: instance(2) });
    expect(second.kinds).toEqual(["login_ack"]);
  });

  it("I14: such a login ends no younger session of its installation either when the order has waited on its way", async () => {
    let letIn = (): void => {};
    const heldUp = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    let logins = 0;
    const authenticate = async (userId: string) => {
      if (logins++ === 0) await heldUp;
      return { userId };
    };
    const { stage, left, right } = await openPair({ devices: "single", auth: { authenticate } });
    await left.device("ada");
    await stage.run(2_000);
    const second = await right.device("ada");
    right.helpers.cut();
    letIn();
    await stage.run(5_000);
    right.helpers.heal();
    await stage.run(2_000);
    expect([second.kinds, second.closed]).toEqual([["login_ack"], null]);
  });

  it("P4: what is left of an installation's session on one node ends when it signs in on the other", async () => {
    const { stage, left, right } = await openPair({ devices: "single" });
    const ghost = await left.device("ada");
    await stage.run(2_000);
    const again = await right.device("ada");
    await stage.run(100);
    expect(ghost.closed?.code).toBe(4409);
    expect(again.closed).toBeNull();
  });

  it.each<DevicePolicy>(["multi", "one-per-device-kind", "single", "reject-new"])(
    "I14, P1: %s: after a crash of its node a user is let in at once, as soon as the dead one is missed",
    async (devices) => {
      const { stage, left, right } = await openPair({ devices });
      await left.device("ada", { instanceId: new Uint8Array(16).fill(1) });
      left.crash();
      await stage.run(15_000);
      const again = await right.device("ada", { instanceId: new Uint8Array(16).fill(2) });
      expect(again.kinds).toEqual(["login_ack"]);
    },
  );
});

describe("what a cluster loses, and finds again", () => {
  it("I13: with the book of sessions forgotten, messages come late, and on time again within 15 s", async () => {
    const { stage, left, right } = await openPair();
    const bob = await right.device("bob");
    stage.hub.forgetRoutes();
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "late" }));
    await stage.run(100);
    expect(textsOf(bob.frames)).toEqual([]);
    await stage.run(15_000);
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "on time" }));
    await stage.run(100);
    expect(textsOf(bob.frames)).toEqual(["late", "on time"]);
  });

  it("I12: a node that is cut off from the others serves on, reads the heads every 2 s, and says what is away", async () => {
    const { stage, left, right } = await openPair();
    const bob = await right.device("bob");
    right.helpers.cut();
    await stage.run(15_000);
    expect(right.im.health()).toMatchObject({ ready: true, discovery: { state: "down" }, presence: { state: "down" } });
    for (const text of ["one", "two", "three"]) {
      await stage.during(left.im.messages.send({ to: { userId: "bob" }, text }));
      await stage.run(2_100);
      expect(textsOf(bob.frames).at(-1)).toBe(text);
    }
    right.helpers.heal();
    await stage.run(15_000);
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "four" }));
    await stage.run(100);
    expect(textsOf(bob.frames).at(-1)).toBe("four");
  });

  it("P11: a registration that was lost is made again, and messages go the short way again", async () => {
    const { stage, left, right } = await openPair();
    const bob = await right.device("bob");
    stage.hub.forgetNodes();
    await stage.run(20_000);
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "again" }));
    await stage.run(100);
    expect(textsOf(bob.frames)).toEqual(["again"]);
  });

  it("I1, K3: with a queue that brings nothing, an acknowledgement comes about a second late, and a late copy changes nothing", async () => {
    const { stage, left, right } = await openPair({}, { withQueue: true });
    stage.hub.harmQueue(() => ({ delayMs: 5_000 }));
    const [ada, bob] = [await left.device("ada"), await right.device("bob")];
    ada.send(uplink(1, "bob", "hello"));
    await stage.run(900);
    expect(ada.of("uplink_ack")).toEqual([]);
    await stage.run(300);
    expect(ada.of("uplink_ack")).toHaveLength(1);
    await stage.run(10_000);
    expect(textsOf(bob.frames)).toEqual(["hello"]);
    expect(ada.of("uplink_ack")).toHaveLength(1);
  });

  it("K1: a stretch of the queue that is more than may wait for the storage is taken all the same", async () => {
    const { stage, left, right } = await openPair({ limits: { maxQueuedBytes: 300 } }, { withQueue: true });
    stage.hub.harmQueue(() => ({ delayMs: 3_000 }));
    const devices = await Promise.all([1, 2, 3].map((n) => left.device("ada", { instanceId: instance(n) })));
    await right.device("bob");
    for (const device of devices) for (let n = 1; n <= 4; n++) device.send(uplink(n, "bob", "hello"));
    await stage.run(8_000);
    expect(stage.hub.waitingRecords).toBe(0);
  });

  it("I2: records that the queue brings twice, or brings again after a node was lost, are stored once", async () => {
    const { stage, left, right } = await openPair({}, { withQueue: true });
    stage.hub.harmQueue(() => "repeat");
    const [ada, bob] = [await left.device("ada"), await right.device("bob")];
    for (let n = 1; n <= 10; n++) ada.send(uplink(n, "bob", `m${n}`));
    await stage.run(3_000);
    expect(textsOf(bob.frames)).toEqual(Array.from({ length: 10 }, (_, index) => `m${index + 1}`));
    expect(new Set(ada.of("uplink_ack").map(({ clientId }) => clientId)).size).toBe(10);
  });
});

describe("the end of a node", () => {
  it("I17: close() answers what is under way, tells its clients, takes its registration back and leaves no handle", async () => {
    const { stage, left, right } = await openPair({}, { withQueue: true });
    const [ada, bob] = [await left.device("ada"), await right.device("bob")];
    ada.send(uplink(1, "bob", "the last"));
    await stage.during(left.im.close({ graceMs: 5_000 }));
    expect(ada.of("uplink_ack")).toHaveLength(1);
    expect(ada.of("go_away")).toHaveLength(1);
    expect(ada.closed?.code).toBe(1012);
    await stage.run(3_000);
    expect(textsOf(bob.frames)).toEqual(["the last"]);
    expect(right.im.health()).toMatchObject({ ready: true });
    expect(left.im.health().ready).toBe(false);
  });
});

describe("a node that is killed while it leaves", () => {
  it("K5: has what it had in hand from the queue brought to another", async () => {
    const { stage, left, right } = await openPair({}, { withQueue: true });
    const bob = await right.device("bob");
    left.link.cut();
    for (let n = 1; n <= 16; n++) bob.send(uplink(n, `u${n}`, "hello"));
    await stage.run(100);
    expect(stage.hub.waitingRecords).toBeGreaterThan(0);
    void left.im.close({ graceMs: 5_000 });
    await stage.run(100);
    left.crash();
    await stage.run(15_000);
    expect(stage.hub.waitingRecords).toBe(0);
  });
});

describe("the health of a node", () => {
  it("tells of each part, and a node whose helpers are away stays ready", async () => {
    const { stage, left } = await openPair({}, { withQueue: true });
    const states = () => {
      const { ready, ...parts } = left.im.health();
      return [ready, ...Object.entries(parts).map(([name, { state }]) => `${name} ${state}`)];
    };
    const parts = ["storage", "discovery", "presence", "rpc", "queue"];
    expect(states()).toEqual([true, ...parts.map((name) => `${name} up`)]);
    left.helpers.cut();
    await stage.run(15_000);
    expect(states().slice(0, 4)).toEqual([true, "storage up", "discovery down", "presence down"]);
  });

  it("logs once what is away, and once that it is there again", async () => {
    const told: string[] = [];
    const quiet = () => {};
    const note = ({ part, state = "up" }: LogFields) => void (part === "presence" && told.push(`${state}`));
    const { stage, left } = await openPair({ logger: { debug: quiet, info: note, warn: note, error: quiet } });
    expect(told).toEqual(["up", "up"]);
    left.helpers.cut();
    await stage.run(60_000);
    expect(told.slice(2)).toEqual(["down"]);
    left.helpers.heal();
    await stage.run(15_000);
    expect(told.slice(3)).toEqual(["up"]);
  });
});

describe("the options of a cluster", () => {
  it("are refused unless discovery, presence, rpc and a shared storage come together", async () => {
    const { stage } = await openPair();
    const complaint = (): string => {
      try {
        createImServer({ auth, discovery: stage.hub.discovery() });
        return "";
      } catch (error) {
        return (error as ImError).message;
      }
    };
    expect(complaint()).toContain("presence: expected together with discovery");
    expect(complaint()).toContain("rpc: expected together with discovery");
    expect(complaint()).toContain("storage: expected a storage that all nodes of the cluster share");
  });
});
