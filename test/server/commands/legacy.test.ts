import { describe, expect, it } from "vitest";
import { openStage, type Stage, upTo } from "../fixture.js";
import { heartbeat, type RawClient, sync, uplink } from "../raw-client.js";
import { away, Barrier } from "../storage-switch.js";

/** Asks for pages until there are no more, as the original client does: from the last item of each page. */
async function syncAll(stage: Stage, device: RawClient, from = 0): Promise<number[]> {
  const seqs: number[] = [];
  for (let after = from, more = true; more; ) {
    device.send(sync(after));
    await stage.run();
    const page = device.last("sync_page");
    seqs.push(...page.items.map(({ seq }) => seq));
    after = page.items.at(-1)?.seq ?? after;
    more = page.hasMore;
  }
  return seqs;
}

describe("a legacy client catches up", () => {
  it("Q4: page by page, and live items come only behind the last page", async () => {
    const stage = await openStage();
    await stage.fill("a", 450);
    const device = await stage.legacyDevice("a");
    device.send(sync(0));
    await stage.run();
    await stage.fill("a", 1);
    expect(device.pushed).toEqual([]);
    expect(device.last("sync_page")).toMatchObject({ hasMore: true, throughSeq: 200, headSeq: 450 });
    expect(await syncAll(stage, device, 200)).toEqual(upTo(451).slice(200));
    await stage.fill("a", 2);
    expect(device.pushed).toEqual([452, 453]);
  });

  it("Q8: has_more is true exactly when there is more", async () => {
    const stage = await openStage();
    await stage.fill("a", 3);
    const device = await stage.legacyDevice("a");
    for (const [after, limit, hasMore] of [
      [0, 2, true],
      [2, 1, false],
      [3, 1, false],
    ] as const) {
      device.send(sync(after, limit));
      await stage.run();
      expect(device.last("sync_page")).toMatchObject({ code: null, hasMore });
    }
  });

  it("an empty inbox is an empty page, and live items follow", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    expect(await syncAll(stage, device)).toEqual([]);
    await stage.fill("a", 1);
    expect(device.pushed).toEqual([1]);
  });

  it("I5: a later request is answered from what it has, whatever it asks for", async () => {
    const stage = await openStage();
    await stage.fill("a", 3);
    const device = await stage.legacyDevice("a");
    await syncAll(stage, device);
    await stage.fill("a", 1);
    device.send(sync(0));
    await stage.run();
    expect(device.last("sync_page").items).toEqual([]);
    expect(device.pushed).toEqual([4]);
  });

  it("I5: what was pushed while a page was read is cut out of it", async () => {
    const stage = await openStage();
    await stage.fill("a", 2);
    const device = await stage.legacyDevice("a");
    await syncAll(stage, device);
    const barrier = new Barrier();
    stage.storage.readInbox = barrier.detour;
    device.send(sync(2));
    await stage.run();
    await stage.fill("a", 2);
    stage.storage.readInbox = null;
    await stage.run(6_000);
    expect(device.pushed).toEqual([3, 4]);
    barrier.letGo();
    await stage.run();
    expect(device.last("sync_page")).toMatchObject({ items: [], hasMore: false });
    await stage.fill("a", 1);
    expect(device.pushed).toEqual([3, 4, 5]);
  });

  it("Q10: a page that cannot be read is answered with a code and no data; the next request succeeds", async () => {
    const stage = await openStage();
    await stage.fill("a", 2);
    const device = await stage.legacyDevice("a");
    stage.storage.readInbox = away;
    device.send(sync(0));
    await stage.run();
    expect(device.last("sync_page")).toMatchObject({ code: "busy", items: [] });
    stage.storage.readInbox = null;
    expect(await syncAll(stage, device)).toEqual([1, 2]);
  });

  it("one page is read at a time", async () => {
    const stage = await openStage();
    await stage.fill("a", 3);
    const device = await stage.legacyDevice("a");
    const barrier = new Barrier();
    stage.storage.readInbox = barrier.detour;
    device.send(sync(0, 1), sync(1, 1), sync(2, 1));
    await stage.run();
    expect(barrier.waiting).toBe(1);
    stage.storage.readInbox = null;
    barrier.letGo();
    await stage.run();
    expect(device.of("sync_page").flatMap(({ items }) => items.map(({ seq }) => seq))).toEqual([1, 2, 3]);
  });
});

describe("a legacy client that asks for nothing", () => {
  it("goes live after 5 s from the head at its login", async () => {
    const stage = await openStage();
    await stage.fill("a", 3);
    const device = await stage.legacyDevice("a");
    await stage.fill("a", 1);
    await stage.run(4_000);
    expect(device.pushed).toEqual([]);
    await stage.run(2_000);
    expect(device.pushed).toEqual([4]);
    await stage.fill("a", 1);
    expect(device.pushed).toEqual([4, 5]);
  });

  it("I20: that is cut off when it should go live, and asks when it is back, gets nothing twice", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    device.isAlive = false;
    await stage.fill("a", 2);
    await stage.run(10_000);
    expect(device.pushed).toEqual([]);
    expect(await syncAll(stage, device, 0)).toEqual([1, 2]);
    device.socket.alive();
    await stage.run(10_000);
    expect(device.pushed).toEqual([]);
  });

  it("I20: the pong for an earlier ping does not let it go live; the pong for the ping sent after its wait does", async () => {
    const stage = await openStage();
    await stage.fill("a", 5);
    const device = await stage.legacyDevice("a");
    await stage.run(21_500);
    device.isAlive = false;
    device.send(sync(0, 2));
    await stage.run(7_000);
    const ordinary = 1;
    const forLife = 1;
    // The one before them asked at 5 s and was answered.
    expect(device.pings).toBe(1 + ordinary + forLife);
    device.socket.alive();
    await stage.run();
    expect(device.pushed).toEqual([]);
    device.socket.alive();
    await stage.run();
    expect(device.pushed).toEqual([3, 4, 5]);
  });

  it("I20: a pong for a ping sent before its last request does not let it go live", async () => {
    const stage = await openStage();
    await stage.fill("a", 5);
    const device = await stage.legacyDevice("a");
    device.isAlive = false;
    await stage.run(6_500);
    expect(device.pings).toBe(1);
    device.send(sync(0, 2));
    await stage.run(6_500);
    expect(device.pings).toBe(2);
    device.socket.alive();
    await stage.run();
    expect(device.pushed).toEqual([]);
    device.socket.alive();
    await stage.run();
    expect(device.pushed).toEqual([3, 4, 5]);
  });

  it("I12: and answers no ping goes live 30 s after its login, or after its last request", async () => {
    const stage = await openStage();
    await stage.fill("a", 3);
    const [mute, halfway] = [await stage.legacyDevice("a"), await stage.legacyDevice("a")];
    for (const device of [mute, halfway]) device.isAlive = false;
    await stage.fill("a", 1);
    await stage.run(10_000);
    halfway.send(sync(0, 2));
    await stage.run(19_000);
    expect([mute.pushed, halfway.pushed]).toEqual([[], []]);
    await stage.run(2_000);
    expect([mute.pushed, halfway.pushed]).toEqual([[4], []]);
    await stage.run(10_000);
    expect(halfway.pushed).toEqual([3, 4]);
  });

  it("that stops in the middle of its pages goes live from where they ended", async () => {
    const stage = await openStage();
    await stage.fill("a", 5);
    const device = await stage.legacyDevice("a");
    device.send(sync(0, 2));
    await stage.run(6_000);
    expect(device.pushed).toEqual([3, 4, 5]);
  });

  it("that asks after it went live is answered from where it asks", async () => {
    const stage = await openStage();
    await stage.fill("a", 3);
    const device = await stage.legacyDevice("a");
    await stage.run(6_000);
    expect(await syncAll(stage, device, 1)).toEqual([2, 3]);
    await stage.fill("a", 1);
    expect(device.pushed).toEqual([4]);
  });
});

describe("a legacy client sends", () => {
  it("its own items are not pushed back to it, but to everybody else", async () => {
    const stage = await openStage();
    const [device, other] = [await stage.legacyDevice("a"), await stage.device("a")];
    await syncAll(stage, device);
    device.send(uplink(1, "b", "x"));
    await stage.run();
    expect(device.kinds).toEqual(["login_ack", "sync_page", "uplink_ack"]);
    expect(other.pushed).toEqual([1]);
  });

  it("Q3: I7: the seq of its ACK never passes what it has been sent", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    await syncAll(stage, device);
    device.send(uplink(1, "b", "x"));
    await stage.run();
    expect(device.last("uplink_ack").seq).toBe(1);
    const barrier = new Barrier();
    stage.storage.readInbox = barrier.detour;
    stage.storage.commit = (real) => real().then(withoutDeliveries);
    await stage.fill("a", 2);
    stage.storage.commit = null;
    device.send(uplink(2, "b", "y"));
    await stage.run();
    expect(device.last("uplink_ack").seq).toBe(1);
    stage.storage.readInbox = null;
    barrier.letGo();
    await stage.run();
    expect(device.pushed).toEqual([2, 3]);
    device.send(uplink(3, "b", "z"));
    await stage.run();
    expect(device.last("uplink_ack").seq).toBe(5);
  });

  it("I7: an ACK during its pages says what the pages have brought so far", async () => {
    const stage = await openStage();
    await stage.fill("a", 4);
    const device = await stage.legacyDevice("a");
    device.send(sync(0, 2), uplink(1, "b", "x"));
    await stage.run();
    expect(device.last("uplink_ack").seq).toBe(2);
    expect(await syncAll(stage, device, 2)).toEqual([3, 4, 5]);
  });

  it("U4: a repeat on its connection is answered like the first time and stores nothing", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    await syncAll(stage, device);
    device.send(uplink(1, "b", "x"), uplink(2, "b", "y"), uplink(1, "b", "x"));
    await stage.run();
    const [first, , repeat] = device.of("uplink_ack");
    expect(repeat).toEqual(first);
    expect(await stage.storage.inbox("b")).toHaveLength(2);
  });

  it("frames keep their order: an ACK does not overtake a push of the same turn", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    await syncAll(stage, device);
    const barrier = new Barrier();
    stage.storage.commit = barrier.detour;
    const sent = stage.im.messages.send({ to: { userId: "a" }, text: "first" });
    await stage.run();
    device.send(uplink(1, "b", "second"));
    await stage.run();
    stage.storage.commit = null;
    barrier.letGo();
    await stage.run();
    await sent;
    expect(device.kinds.slice(2)).toEqual(["push", "uplink_ack"]);
    expect(device.last("uplink_ack").seq).toBe(2);
  });

  it("U15: a refusal is a frame it does not take for success", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    device.send(uplink(1, "g", "x", { sessionType: 2 }));
    await stage.run();
    expect(device.kinds).toEqual(["login_ack", "nack"]);
  });
});

describe("a legacy client is alive", () => {
  it("its heartbeat gets no answer", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    device.send(heartbeat());
    await stage.run();
    expect(device.kinds).toEqual(["login_ack"]);
  });

  it("it is pinged every 25 s, and answers keep it for hours", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    await stage.run(7_200_000);
    expect(device.closed).toBeNull();
    expect(device.pings).toBeGreaterThan(270);
    // One more than that: it is also asked before it goes live without a page.
    expect(device.pings).toBeLessThanOrEqual(289);
  });

  it("I12: with nothing but a heartbeat every 120 s it stays for an hour, and then gets a message", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    device.isAlive = false;
    for (let n = 0; n < 30; n++) {
      await stage.run(120_000);
      device.send(heartbeat());
    }
    await stage.fill("a", 1);
    expect(device.closed).toBeNull();
    expect(device.pushed).toEqual([1]);
  });

  it("without a sign of life it is closed after 600 s", async () => {
    const stage = await openStage();
    const device = await stage.legacyDevice("a");
    device.isAlive = false;
    await stage.run(600_000);
    expect(device.closed).toBeNull();
    await stage.run(2_000);
    expect(device.closed?.code).toBe(4408);
  });
});

/** The same result, with nobody to tell. */
function withoutDeliveries<T>(result: T): T {
  const { outcomes } = result as { outcomes: { fresh?: object | null }[] };
  for (const outcome of outcomes) if (outcome.fresh) outcome.fresh = { ...outcome.fresh, deliveries: [] };
  return result;
}
