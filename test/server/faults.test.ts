import { describe, expect, it } from "vitest";
import { openStage, textsOf } from "./fixture.js";
import { instance, login, uplink } from "./raw-client.js";
import { StorageSwitch } from "./storage-switch.js";

const HOUR_MS = 3_600_000;

describe("Faults of the original that must not come back", () => {
  it("P1: I14: after a crash everybody signs in at once, also where only one device is allowed", async () => {
    const storage = new StorageSwitch();
    const crashed = await openStage({ devices: "reject-new" }, storage);
    const before = await crashed.device("a");
    expect(before.kinds).toEqual(["login_ack"]);
    crashed.runtime.kill();

    const restarted = await openStage({ devices: "reject-new" }, new StorageSwitch(1, storage.real));
    const after = await restarted.device("a");
    expect(after.kinds).toEqual(["login_ack"]);
  });

  it("P2: a user who has been connected for 25 hours still gets every message", async () => {
    const stage = await openStage({ limits: { heartbeatMs: 600_000 } });
    const device = await stage.device("a");
    for (let n = 0; n < 150; n++) {
      await stage.run(HOUR_MS / 6);
      device.send({ kind: "heartbeat", cursor: 0, headSeq: 0, serverTime: 0 });
    }
    await stage.fill("a", 1);
    expect(textsOf(device.frames)).toEqual(["1"]);
    expect(device.closed).toBeNull();
  });

  it("P3: of two logins that arrive together one is refused where only one device is allowed", async () => {
    const waiting: (() => void)[] = [];
    const authenticate = async (userId: string) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { userId };
    };
    const stage = await openStage({ devices: "reject-new", auth: { authenticate } });
    const devices = [stage.dial(), stage.dial()];
    for (const [index, device] of devices.entries()) device.send(login("a", { instanceId: instance(index) }));
    await stage.run();
    for (const go of waiting) go();
    await stage.run();
    expect(devices.map(({ closed }) => closed?.code ?? "open").sort()).toEqual([4403, "open"]);
  });

  it("B3: an ACK that comes when its socket is gone is dropped, and the process lives", async () => {
    const stage = await openStage();
    const device = await stage.device("a");
    device.send(uplink(1, "b", "on its way"));
    device.socket.drop(1006);
    await stage.run(1_000);
    expect(device.kinds).toEqual(["login_ack"]);
    const other = await stage.device("b");
    expect(textsOf(other.frames)).toEqual(["on its way"]);
  });

  it("B8: what was waiting in a socket that broke comes again on the next one", async () => {
    const stage = await openStage();
    const first = await stage.device("a");
    first.socket.setFarReading(false);
    await stage.fill("a", 3);
    expect(first.socket.bufferedBytes).toBeGreaterThan(0);
    first.socket.drop(1006);
    const second = await stage.device("a");
    expect(textsOf(second.frames)).toEqual(["1", "2", "3"]);
  });
});
