import { describe, expect, it } from "vitest";
import { openStage, upTo } from "../fixture.js";
import { heartbeat, pushAck, sync, uplink } from "../raw-client.js";
import { hangs } from "../storage-switch.js";

const texts = (count: number) => upTo(count).map((n) => uplink(n, "b", "x"));

describe("a client that sends much", () => {
  it("B11: sends 40 at once and 20 in a second after that; nothing is lost and the socket is paused meanwhile", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    a.send(...texts(100));
    await stage.run();
    expect(a.of("uplink_ack")).toHaveLength(40);
    expect(a.socket.isPaused).toBe(true);
    await stage.run(1_000);
    expect(a.of("uplink_ack")).toHaveLength(60);
    await stage.run(2_000);
    expect(a.of("uplink_ack").map(({ clientId }) => clientId)).toEqual(upTo(100));
    expect(a.socket.isPaused).toBe(false);
    expect(a.closed).toBeNull();
  });

  it("S9: one client's flood leaves others served", async () => {
    const stage = await openStage();
    const [flooder, other] = [await stage.device("a"), await stage.device("c")];
    flooder.send(...texts(1_000));
    other.send(uplink(1, "b", "x"));
    await stage.run();
    expect(other.of("uplink_ack")).toHaveLength(1);
  });

  it("has at most 32 uplinks under way", async () => {
    const stage = await openStage();
    stage.storage.commit = hangs;
    const a = await stage.device("a");
    a.send(...texts(40));
    await stage.run();
    expect(a.socket.isPaused).toBe(true);
    expect(a.socket.unread).toBe(40 - 33);
    stage.storage.commit = null;
    await stage.run(15_000);
    expect(a.of("uplink_ack")).toHaveLength(40);
  });

  it("one that goes on over its window for more than 10 s is closed with 4429", async () => {
    const stage = await openStage({ limits: { window: 2 } });
    stage.storage.commit = hangs;
    const a = await stage.device("a");
    a.send(...texts(5));
    await stage.run(10_000);
    expect(a.closed).toBeNull();
    await stage.run(2_000);
    expect(a.closed?.code).toBe(4429);
  });

  it("time in which its socket was paused is no silence", async () => {
    const stage = await openStage({ limits: { uplinksPerSecond: 0.01, uplinkBurst: 1 } });
    const a = await stage.device("a");
    a.send(...texts(2));
    await stage.run(99_000);
    expect(a.closed).toBeNull();
    await stage.run(40_000);
    expect(a.closed).toBeNull();
    await stage.run(20_000);
    expect(a.closed?.code).toBe(4408);
  });

  it("4 kB of heartbeats in one go are all answered", async () => {
    const stage = await openStage();
    const a = await stage.device("a");
    for (let n = 0; n < 1_000; n++) a.send(heartbeat());
    await stage.run();
    expect(a.of("heartbeat")).toHaveLength(1_000);
  });
});

describe("a client that reads slowly", () => {
  it("I15: B1: has at most its mark waiting, and gets everything once it reads", async () => {
    const stage = await openStage({ limits: { maxBufferedBytes: 2_000 } });
    const b = await stage.device("b");
    b.socket.setFarReading(false);
    await stage.fill("b", 300);
    expect(b.socket.bufferedBytes).toBeLessThan(2_500);
    b.socket.setFarReading(true);
    await stage.run(1_000);
    expect(b.pushed).toEqual(upTo(300));
  });

  it("I16: the others are not held up", async () => {
    const stage = await openStage({ limits: { maxBufferedBytes: 2_000 } });
    const [slow, fast] = [await stage.device("b"), await stage.device("b")];
    slow.socket.setFarReading(false);
    await stage.fill("b", 100);
    expect(fast.pushed).toEqual(upTo(100));
  });

  it("B6: one that takes nothing for 30 s is closed with 4508, and a later login is complete", async () => {
    const stage = await openStage();
    const b = await stage.device("b");
    b.socket.setFarReading(false);
    await stage.fill("b", 3);
    for (let n = 0; n < 4; n++) {
      await stage.run(9_000);
      b.send(heartbeat());
    }
    expect(b.closed?.code).toBe(4508);
    expect((await stage.device("b")).pushed).toEqual([1, 2, 3]);
  });

  it("B2: closing never waits for it", async () => {
    const stage = await openStage();
    const b = await stage.device("b");
    b.socket.setFarReading(false);
    await stage.fill("b", 1);
    expect(await stage.im.sessions.disconnect("b")).toBe(1);
    expect(await stage.im.sessions.disconnect("b")).toBe(0);
  });

  it("I15: one that asks and does not take the answers is not read either", async () => {
    const stage = await openStage({ limits: { maxBufferedBytes: 10_000 } });
    const a = await stage.device("a");
    a.socket.setFarReading(false);
    for (let n = 0; n < 10_000; n++) {
      a.send(heartbeat());
      if (n % 50 === 0) await stage.run();
    }
    await stage.run();
    expect(a.socket.isPaused).toBe(true);
    expect(a.socket.bufferedBytes).toBeLessThan(25_000);
    a.socket.setFarReading(true);
    await stage.run(1_000);
    expect(a.of("heartbeat")).toHaveLength(10_000);
  });

  it("I15: pages are read for one only as it takes them", async () => {
    const stage = await openStage({ limits: { maxBufferedBytes: 10_000 } });
    for (let n = 0; n < 50; n++) {
      const sent = stage.im.messages.send({ to: { userId: "a" }, text: "x".repeat(4_000) });
      await stage.run();
      await sent;
    }
    const a = await stage.legacyDevice("a");
    a.socket.setFarReading(false);
    for (let n = 0; n < 50; n++) a.send(sync(n, 1));
    await stage.run(1_000);
    expect(a.socket.bufferedBytes).toBeLessThan(25_000);
    a.socket.setFarReading(true);
    await stage.run(1_000);
    expect(a.of("sync_page").flatMap(({ items }) => items.map(({ seq }) => seq))).toEqual(upTo(50));
  });

  it("one far behind its own acknowledgement is waited for", async () => {
    const stage = await openStage({ limits: { maxUnacknowledged: 10 } });
    await stage.fill("b", 25);
    const b = await stage.device("b");
    expect(b.pushed).toEqual(upTo(10));
    b.send(pushAck(10));
    await stage.run();
    expect(b.pushed).toEqual(upTo(20));
    b.send(heartbeat(20));
    await stage.run();
    expect(b.pushed).toEqual(upTo(25));
  });

  it("I15: when all sockets together hold too much, each pump stops at 16 KiB until that is over", async () => {
    const stage = await openStage({ limits: { maxNodeBufferedBytes: 65_536 } });
    const slow = [await stage.device("b"), await stage.device("b")];
    for (const device of slow) device.socket.setFarReading(false);
    const big = (userId: string) => ({ to: { userId }, text: "x".repeat(20_000) });
    const sendBig = async (userId: string) => {
      const sent = stage.im.messages.send(big(userId));
      await stage.run();
      await sent;
    };
    for (let n = 0; n < 4; n++) await sendBig("b");
    await stage.run(1_000);
    const other = await stage.device("c");
    other.socket.setFarReading(false);
    for (let n = 0; n < 4; n++) await sendBig("c");
    expect(other.socket.bufferedBytes).toBeLessThan(16_384 + 20_200);
    for (const device of slow) device.socket.drop(1006);
    other.socket.setFarReading(true);
    await stage.run(2_000);
    other.socket.setFarReading(false);
    for (let n = 0; n < 4; n++) await sendBig("c");
    expect(other.socket.bufferedBytes).toBeGreaterThan(60_000);
  });
});
