import { describe, expect, it } from "vitest";
import { FakeSocket } from "../server/fake-transport.js";
import { openStage, type Stage } from "../server/fixture.js";
import { heartbeat, login, RawClient } from "../server/raw-client.js";

/** "in", or the status somebody is turned away with. */
function arrive(stage: Stage, address: string): { result: "in" | number; client: RawClient } {
  const client = new RawClient();
  const socket = stage.transport.arrive(address, client);
  if (!(socket instanceof FakeSocket)) return { result: socket.status, client };
  client.open(socket);
  return { result: "in", client };
}

const arriveMany = (stage: Stage, address: string, count: number) =>
  Array.from({ length: count }, () => arrive(stage, address));

describe("S3: nobody stays without a login", () => {
  it("S3: a client that drips frames, pongs or nothing is gone after 5 s", async () => {
    const stage = await openStage();
    const clients = [stage.dial(), stage.dial()];
    for (let n = 0; n < 60; n++) {
      clients[0]?.socket.alive();
      await stage.run(100);
    }
    for (const client of clients) expect(client.closed?.code).toBe(4401);
  });
});

describe("S4: sockets without a login are counted", () => {
  it("S4: a flood from one address is turned away with 429 and leaves others served", async () => {
    const stage = await openStage();
    const results = arriveMany(stage, "6.6.6.6", 30).map(({ result }) => result);
    expect(results.filter((result) => result === "in")).toHaveLength(20);
    expect(results.slice(20)).toEqual(Array(10).fill(429));
    expect((await stage.device("a")).kinds).toEqual(["login_ack"]);
  });

  it("S4: floods from many addresses are turned away with 503 at the total", async () => {
    const stage = await openStage({ limits: { unauthenticatedTotal: 50 } });
    const results = Array.from({ length: 60 }, (_, n) => arrive(stage, `10.0.${n}.1`).result);
    expect(results.slice(49, 52)).toEqual(["in", 503, 503]);
  });

  it("S4: whoever logs in, gives up or is closed makes room", async () => {
    const stage = await openStage({ limits: { unauthenticatedPerAddress: 3, unauthenticatedTotal: 3 } });
    const [one, two, three] = arriveMany(stage, "x", 3).map(({ client }) => client);
    expect(arrive(stage, "x").result).toBe(503);
    one?.send(login("a"));
    two?.socket.drop(1006);
    three?.send(heartbeat());
    await stage.run();
    expect(arriveMany(stage, "x", 4).map(({ result }) => result)).toEqual(["in", "in", "in", 503]);
    await stage.run(7_000);
    expect(arriveMany(stage, "x", 4).map(({ result }) => result)).toEqual(["in", "in", "in", 503]);
  });

  it("S4: those who are signed in do not count", async () => {
    const stage = await openStage({ limits: { unauthenticatedPerAddress: 2, unauthenticatedTotal: 2 } });
    for (const userId of ["a", "b", "c", "d", "e"]) expect((await stage.device(userId)).kinds).toEqual(["login_ack"]);
  });
});

describe("S5: what a frame may weigh", () => {
  it("S5: by default 64 KiB, and the transport is told", async () => {
    const stage = await openStage();
    expect(stage.transport.limits?.maxFrameBytes).toBe(65_536);
  });
});

describe("S35: what a user may have is bounded", () => {
  it("S35: of more than 50 devices the oldest is replaced", async () => {
    const stage = await openStage();
    const devices: RawClient[] = [];
    for (let n = 0; n < 52; n++) {
      devices.push(await stage.device("a"));
      await stage.run(250);
      for (const device of devices) device.send(heartbeat());
    }
    expect(devices.map(({ closed }) => closed?.code).filter(Boolean)).toEqual([4409, 4409]);
    expect(devices.slice(0, 2).every(({ closed }) => closed !== null)).toBe(true);
    expect(await stage.im.sessions.disconnect("a")).toBe(50);
  });

  it("S35: thousands of connections come and go, and nothing of them is left", async () => {
    const stage = await openStage();
    for (let n = 0; n < 2_000; n++) {
      const client = stage.dial();
      client.send(login(n % 7 === 0 ? "bad" : `u${n}`));
      await stage.run();
      client.socket.drop(1006);
    }
    await stage.run(60_000);
    expect(stage.storage.calls).not.toContain("readHeads");
    expect(arriveMany(stage, "10.0.0.1", 20).map(({ result }) => result)).toEqual(Array(20).fill("in"));
  });
});
