import { describe, expect, it } from "vitest";
import type { FakeSocket } from "../fake-transport.js";
import { textsOf } from "../fixture.js";
import { instance, login, RawClient } from "../raw-client.js";
import { openPair } from "./nodes.js";

/** What a Redis says that cannot save to its disk. */
const NO_WRITES = "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk";

describe("sessions that have ended", () => {
  it("P1: reject-new: are taken out of the book as soon as it takes that, and keep nobody out for longer", async () => {
    const { stage, left, right } = await openPair({ devices: "reject-new" });
    const first = await left.device("ada", { instanceId: instance(1) });
    left.book.refusals.set("release", NO_WRITES);
    first.socket.close(1000, "");
    await stage.run(6_000);
    expect((await right.device("ada", { instanceId: instance(2) })).kinds).toEqual(["nack"]);
    left.book.refusals.clear();
    await stage.run(8_000);
    expect((await right.device("ada", { instanceId: instance(2) })).kinds).toEqual(["login_ack"]);
  });

  it("P1: reject-new: are taken out at once when a login has shown that the book takes things again", async () => {
    const { stage, left, right } = await openPair({ devices: "reject-new" });
    const first = await left.device("ada", { instanceId: instance(1) });
    left.book.refusals.set("release", NO_WRITES);
    first.socket.close(1000, "");
    await stage.run(4_000);
    left.book.refusals.clear();
    await left.device("bob");
    expect((await right.device("ada", { instanceId: instance(2) })).kinds).toEqual(["login_ack"]);
  });

  it.each(["claim", "renew"] as const)(
    "P5: reject-new: keep nobody out when a %s of theirs gets to the book behind their end",
    async (call) => {
      const { stage, left, right } = await openPair({ devices: "reject-new" });
      if (call === "claim") left.book.delaysMs.set("claim", 3_000);
      const arriving = left.device("ada", { instanceId: instance(1) });
      await stage.run(1_100);
      const first = await arriving;
      expect(first.kinds).toEqual(["login_ack"]);
      left.book.delaysMs.set("renew", 2_000);
      const renewals = left.book.renewed.length;
      while (call === "renew" && left.book.renewed.length === renewals) await stage.run(100);
      first.socket.close(1000, "");
      await stage.run(5_000);
      expect((await right.device("ada", { instanceId: instance(2) })).kinds).toEqual(["login_ack"]);
    },
  );

  it("P15: reject-new: what the book says of a connection that its node does not know is taken out when it is met", async () => {
    const { stage, left, right } = await openPair({ devices: "reject-new" });
    await left.device("ada");
    const [known] = left.book.claimed;
    if (known === undefined) throw new Error("ada was not claimed");
    const ghost = { ...known, userId: "bob", origin: "0011223344556677", connection: 4_711 };
    await stage.during(left.book.renew([ghost]));
    expect((await right.device("bob", { instanceId: instance(2) })).kinds).toEqual(["nack"]);
    for (const userId of ["ada", "bob"]) await stage.during(left.im.messages.send({ to: { userId }, text: "hello" }));
    await stage.run(100);
    expect((await right.device("bob", { instanceId: instance(2) })).kinds).toContain("login_ack");
    expect([...(await stage.during(right.book.locate(["ada"]))).keys()]).toEqual(["ada"]);
  });

  it("P11: are taken out although their node has lost its registration by then", async () => {
    const { stage, left, right } = await openPair();
    const ada = await left.device("ada");
    left.helpers.cut();
    await stage.run(12_000);
    ada.socket.close(1000, "");
    await stage.run(100);
    left.helpers.heal();
    await stage.run(10_000);
    expect((await stage.during(right.book.locate(["ada"]))).size).toBe(0);
  });

  it("I17: a node that leaves takes its sessions out, although its registration has ended by then", async () => {
    const { stage, left, right } = await openPair();
    await left.device("ada");
    expect((await stage.during(right.book.locate(["ada"]))).size).toBe(1);
    await stage.during(left.im.close({ graceMs: 5_000 }));
    expect((await stage.during(right.book.locate(["ada"]))).size).toBe(0);
  });

  it("I17: a close with a book that takes nothing leaves no handle and does not wait for it", async () => {
    const { stage, left } = await openPair();
    await left.device("ada");
    left.book.refusals.set("release", NO_WRITES);
    await stage.during(left.im.close({ graceMs: 5_000 }));
    expect(left.im.health().ready).toBe(false);
  });
});

describe("a book that answers and takes nothing", () => {
  it("I12: is degraded, with what it says, keeps nobody out, and the heads are read every 2 s; until it takes something", async () => {
    const { stage, left, right } = await openPair();
    right.book.refuseToEnter(NO_WRITES);
    const bob = await right.device("bob");
    expect(bob.kinds).toEqual(["login_ack"]);
    await stage.run(1_500);
    expect(right.im.health().presence).toMatchObject({ state: "degraded", reason: expect.stringContaining("MISCONF") });
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "late" }));
    await stage.run(2_100);
    expect(textsOf(bob.frames)).toEqual(["late"]);
    right.book.refusals.clear();
    await stage.run(1_500);
    expect(right.im.health().presence?.state).toBe("up");
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "on time" }));
    await stage.run(100);
    expect(textsOf(bob.frames)).toEqual(["late", "on time"]);
  });

  it("is degraded when it takes no renewals any more", async () => {
    const { stage, right } = await openPair();
    await right.device("bob");
    right.book.refusals.set("renew", NO_WRITES);
    await stage.run(9_000);
    expect(right.im.health().presence).toMatchObject({ state: "degraded", reason: NO_WRITES });
  });

  it("is not degraded any more when whoever it did not take has gone", async () => {
    const { stage, right } = await openPair();
    right.book.refuseToEnter(NO_WRITES);
    const bob = await right.device("bob");
    await stage.run(100);
    expect(right.im.health().presence?.state).toBe("degraded");
    bob.socket.close(1000, "");
    await stage.run(9_000);
    expect(right.im.health().presence?.state).toBe("up");
  });

  it("is down while it cannot be reached, and up when it can", async () => {
    const { stage, right } = await openPair();
    right.book.refuseToEnter(NO_WRITES);
    await right.device("bob");
    right.helpers.cut();
    await stage.run(3_000);
    expect(right.im.health().presence?.state).toBe("down");
    right.book.refusals.clear();
    right.helpers.heal();
    await stage.run(3_000);
    expect(right.im.health().presence?.state).toBe("up");
  });

  it("P2: a session that one login could not enter is entered a second later", async () => {
    const { stage, left, right } = await openPair();
    right.book.refusals.set("claim", NO_WRITES);
    const bob = await right.device("bob");
    await stage.run(1_100);
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "hello" }));
    await stage.run(100);
    expect(textsOf(bob.frames)).toEqual(["hello"]);
  });
});

describe("a look-up that fails", () => {
  it.each(["that fails", "that takes too long"])("I13: %s costs the clients of other nodes no time", async (what) => {
    const { stage, left, right } = await openPair();
    const bob = await right.device("bob");
    if (what === "that fails") left.book.refusals.set("locate", NO_WRITES);
    else left.book.delaysMs.set("locate", 5_000);
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "hello" }));
    await stage.run(300);
    expect(textsOf(bob.frames)).toEqual(["hello"]);
  });
});

describe("a new registration", () => {
  it("P11: has its sessions in the book within a second", async () => {
    const { stage, left, right } = await openPair();
    const bob = await right.device("bob");
    await stage.run(5_000);
    stage.hub.forgetNodes();
    await stage.run(1_000);
    await stage.during(left.im.messages.send({ to: { userId: "bob" }, text: "hello" }));
    await stage.run(100);
    expect(textsOf(bob.frames)).toEqual(["hello"]);
  });

  it("P11: does not spread them over time, however many batches they are", async () => {
    const { stage, right } = await openPair();
    const users = Array.from({ length: 1_200 }, (_, n) => n);
    for (const n of users) {
      const client = new RawClient();
      client.open(right.transport.arrive(`10.0.${n >> 8}.${n & 255}`, client) as FakeSocket);
      client.send(login(`u${n}`));
      if (n % 100 === 0) await stage.run();
    }
    await stage.run(9_000);
    right.book.renewed.length = 0;
    stage.hub.forgetNodes();
    await stage.run(1_000);
    expect(right.book.renewed.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(users.length);
  });
});
