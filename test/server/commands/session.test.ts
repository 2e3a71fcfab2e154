import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import { openStage } from "../fixture.js";
import { heartbeat, instance, legacyLogin } from "../raw-client.js";

describe("a fresh token", () => {
  const expiring = (lifeMs: number) => ({
    authenticate: (token: string) => {
      if (token === "busy") throw new ImError("busy");
      if (token === "bad") return null;
      const [userId = "", from = "0"] = token.split("@");
      return { userId, expiresAt: 1_700_000_000_000 + Number(from) + lifeMs };
    },
  });

  it("X7: S12: without one the connection is told why and closed with 4401 when the token expires", async () => {
    const stage = await openStage({ auth: expiring(10_000) });
    const device = await stage.device("a");
    await stage.run(9_500);
    expect(device.closed).toBeNull();
    await stage.run(1_500);
    expect(device.frames.at(-1)).toMatchObject({ kind: "kick", code: 4401 });
    expect(device.closed?.code).toBe(4401);
  });

  it("S12: with one the session goes on", async () => {
    const stage = await openStage({ auth: expiring(10_000) });
    const device = await stage.device("a");
    await stage.run(8_000);
    device.send({ kind: "token", token: "a@8000" });
    await stage.run(9_000);
    expect(device.closed).toBeNull();
    expect(device.kinds).toEqual(["login_ack", "login_ack"]);
    await stage.run(2_000);
    expect(device.closed?.code).toBe(4401);
  });

  it.each(["bad", "b@0", "a@-20000"])(
    "S12: %s, refused or another user's or expired, closes with 4401",
    async (token) => {
      const stage = await openStage({ auth: expiring(10_000) });
      const device = await stage.device("a");
      device.send({ kind: "token", token });
      await stage.run();
      expect(device.frames.at(-1)).toMatchObject({ kind: "nack", clientId: 0, code: "unauthenticated" });
      expect(device.closed?.code).toBe(4401);
    },
  );

  it("S9: fresh tokens count as logins: beyond 20 at once the old one holds", async () => {
    const stage = await openStage({ auth: expiring(10_000) });
    const device = await stage.device("a");
    for (let n = 0; n < 20; n++) device.send({ kind: "token", token: "a@8000" });
    await stage.run();
    expect(device.of("login_ack")).toHaveLength(20);
    expect(device.frames.at(-1)).toMatchObject({ kind: "nack", clientId: 0, code: "busy" });
    expect(device.closed).toBeNull();
  });

  it("when nobody can tell just now the old token holds", async () => {
    const stage = await openStage({ auth: expiring(10_000) });
    const device = await stage.device("a");
    device.send({ kind: "token", token: "busy" });
    await stage.run();
    expect(device.frames.at(-1)).toMatchObject({ kind: "nack", clientId: 0, code: "busy" });
    expect(device.closed).toBeNull();
  });
});

describe("a heartbeat", () => {
  it("Q10: is answered with the head and the time", async () => {
    const stage = await openStage();
    const device = await stage.device("a");
    await stage.fill("a", 2);
    device.send(heartbeat(2));
    await stage.run();
    expect(device.last("heartbeat")).toMatchObject({ headSeq: 2, serverTime: stage.runtime.now() });
  });

  it("P16: without any for two intervals the connection is closed with 4408; with them it lives", async () => {
    const stage = await openStage();
    const [silent, alive] = [await stage.device("a"), await stage.device("b")];
    for (let n = 0; n < 6; n++) {
      await stage.run(10_000);
      alive.send(heartbeat());
    }
    expect(silent.closed?.code).toBe(4408);
    expect(alive.closed).toBeNull();
  });

  it("P16: what the server writes is no sign of life", async () => {
    const stage = await openStage();
    const device = await stage.device("a");
    for (let n = 0; n < 6; n++) {
      await stage.run(9_000);
      await stage.fill("a", 1);
    }
    expect(device.closed?.code).toBe(4408);
  });
});

describe("device policies", () => {
  it("single: the newest login wins and the old one is told why", async () => {
    const stage = await openStage({ devices: "single" });
    const old = await stage.device("a");
    const young = await stage.device("a");
    expect(old.frames.at(-1)).toMatchObject({ kind: "kick", code: 4409 });
    expect(old.closed?.code).toBe(4409);
    await stage.fill("a", 1);
    expect(young.pushed).toEqual([1]);
  });

  it("one-per-device-kind: what authenticate says goes before what the client says", async () => {
    const authenticate = (token: string) => ({ userId: "a", deviceKind: token });
    const stage = await openStage({ devices: "one-per-device-kind", auth: { authenticate } });
    const phone = await stage.device("phone", { deviceKind: "web" });
    const web = await stage.device("web", { deviceKind: "web" });
    expect([phone.closed, web.closed]).toEqual([null, null]);
    await stage.device("phone");
    expect([phone.closed?.code, web.closed]).toEqual([4409, null]);
  });

  it("reject-new: the newcomer is told forbidden and closed with 4403; later there is room", async () => {
    const stage = await openStage({ devices: "reject-new" });
    const first = await stage.device("a");
    const second = await stage.device("a", { instanceId: instance(2) });
    expect(second.frames).toMatchObject([{ kind: "nack", clientId: 0, code: "forbidden" }]);
    expect(second.closed?.code).toBe(4403);
    first.socket.drop(1006);
    expect((await stage.device("a", { instanceId: instance(2) })).kinds).toEqual(["login_ack"]);
  });

  it("I14: reject-new: a device whose link broke unnoticed is let in again at once, and has all its messages", async () => {
    const stage = await openStage({ devices: "reject-new" });
    const ghost = await stage.device("a");
    ghost.socket.setFarReading(false);
    await stage.fill("a", 1);
    const back = await stage.device("a");
    expect(back.kinds).toEqual(["login_ack", "push"]);
    await stage.run(5_000);
    expect(ghost.closed?.code).toBe(4409);
    await stage.fill("a", 1);
    expect(back.pushed).toEqual([1, 2]);
    expect(back.closed).toBeNull();
  });

  it("I14: reject-new: a legacy device cannot be told from another, and is let in when its ghost has idled out", async () => {
    const stage = await openStage({ devices: "reject-new" });
    const ghost = await stage.legacyDevice("a");
    ghost.isAlive = false;
    expect((await stage.legacyDevice("a")).closed?.code).toBe(4403);
    await stage.run(602_000);
    expect((await stage.legacyDevice("a")).kinds).toEqual(["login_ack"]);
  });

  it("P4: the close of the old connection does not make the new one unreachable", async () => {
    const stage = await openStage();
    const old = await stage.device("a");
    const young = await stage.device("a");
    old.socket.drop(1006);
    await stage.fill("a", 1);
    expect(young.pushed).toEqual([1]);
  });

  it("a legacy login gets no origin and starts at nothing", async () => {
    const stage = await openStage();
    const device = stage.dial();
    device.send(legacyLogin("a"));
    await stage.run();
    expect(device.last("login_ack")).toMatchObject({ origin: "", seq: 0, reset: false });
  });
});
