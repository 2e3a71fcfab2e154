import { Administrator } from "./actors/administrator.js";
import type { Device } from "./actors/device.js";
import { LegacyDevice } from "./actors/legacy-device.js";
import { SdkDevice } from "./actors/sdk-device.js";
import { ServerHost } from "./actors/server-host.js";
import type { Problem } from "./history.js";
import type { Link } from "./network/link.js";
import { GOOD_LINE, type LinkQuality } from "./network/weather.js";
import type { FaultStep, Plan, Step } from "./plan.js";
import { FAIR_STORAGE } from "./storage/storage-weather.js";
import type { World } from "./world.js";

const LINES: Readonly<Record<"good" | "narrow" | "lossy", LinkQuality>> = {
  good: GOOD_LINE,
  narrow: { bytesPerSecond: 2_000, windowBytes: 256, pushLoss: 0 },
  lossy: { ...GOOD_LINE, pushLoss: 0.3 },
};

const GRACE_MS = 2_000;
/** Putting a backup back takes longer than any answer is on its way. */
const RESTORE_MS = 500;

/** Everyone who acts in a schedule, and what the plan can make of them. */
export class Stage {
  readonly devices: ReadonlyMap<string, Device>;
  readonly host: ServerHost;
  readonly administrator: Administrator;
  readonly #world: World;
  readonly #plan: Plan;
  /** While the storage is being put back nobody may serve. */
  #restoring: Promise<void> | null = null;
  #isHealed = false;

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.#plan = plan;
    this.host = new ServerHost(world, plan);
    this.administrator = new Administrator(world, this.host);
    this.devices = new Map(
      plan.cast.devices.map((device) => [
        device.id,
        device.isLegacy ? new LegacyDevice(world, device.id, device.userId) : new SdkDevice(world, device),
      ]),
    );
  }

  /** Everything is there and works. */
  async open(): Promise<void> {
    const { network, site } = this.#world;
    const { latencyMs, jitterMs, cast } = this.#plan;
    Object.assign(network.weather, { latencyMs, jitterMs });
    await site.start();
    await this.host.start();
    await Promise.all(cast.groups.map(({ id, memberIds }) => this.administrator.createGroup(id, memberIds)));
    this.#setStorage("fair");
    for (const device of this.devices.values()) device.start();
  }

  /** Does what the plan says. After {@link heal} only what people do. */
  act(step: Step): void {
    switch (step.kind) {
      case "send":
        return this.#device(step.device).send(step.target, step.words);
      case "server_send":
        return this.administrator.send(step.target, step.from, step.words, step.times);
      case "add":
        return this.administrator.add(step.groupId, step.userId);
      case "remove":
        return this.administrator.remove(step.groupId, step.userId);
      default:
        if (!this.#isHealed) this.#fault(step);
    }
  }

  /** Ends all faults; lost hints are none, the server has to live with them. */
  async heal(): Promise<void> {
    const { network, history } = this.#world;
    this.#isHealed = true;
    history.record({ kind: "healed" });
    this.#setStorage("fair");
    this.#world.office.mood = "fair";
    Object.assign(network.weather, { connectFailure: 0, connectSilence: 0 });
    network.lines.clear();
    for (const link of network.links) {
      Object.assign(link.quality, GOOD_LINE);
      if (!link.isSound) link.cut(100, 100);
    }
    await this.#restoring;
    await this.host.start();
    for (const device of this.devices.values()) device.heal();
  }

  /** What is still open; empty at rest. */
  problems(): Problem[] {
    return [...this.administrator.problems(), ...[...this.devices.values()].flatMap((device) => device.problems())];
  }

  /** Everybody goes home. */
  async close(): Promise<void> {
    await Promise.all([...this.devices.values()].map((device) => device.close()));
    await this.host.drain(GRACE_MS);
  }

  #fault(step: FaultStep): void {
    const { history, network } = this.#world;
    this.#world.note(JSON.stringify(step));
    switch (step.kind) {
      case "kill":
        return this.#device(step.device).kill();
      case "start":
        return this.#device(step.device).heal();
      case "clock":
        return this.#jump(step.device, step.ms);
      case "cut":
        return this.#onLinks(step.device, (link) => link.cut(step.clientNoticesMs, step.serverNoticesMs));
      case "stall":
        return this.#onLinks(step.device, (link) => link.stall());
      case "go_on":
        return this.#onLinks(step.device, (link) => link.goOn());
      case "line":
        history.record({ kind: "offline", device: step.device });
        network.lines.set(step.device, LINES[step.quality]);
        return this.#onLinks(step.device, (link) => Object.assign(link.quality, LINES[step.quality]));
      case "network":
        Object.assign(network.weather, { connectFailure: step.connectFailure, connectSilence: step.connectSilence });
        return;
      case "auth":
        this.#world.office.mood = step.mood;
        return;
      case "storage":
        return this.#setStorage(step.state);
      default:
        return this.#outage(step.kind);
    }
  }

  #outage(kind: "crash" | "drain" | "serve" | "copy" | "restore"): void {
    if (kind === "copy") this.#world.site.backUp();
    else if (kind === "drain") this.#drain();
    else if (kind === "crash") this.host.crash();
    else if (kind === "restore") this.#restoring = this.#restore();
    else if (this.#restoring === null) void this.host.start();
  }

  #drain(): void {
    if (this.host.process !== null) this.#world.probes.hit("drain");
    void this.host.drain(GRACE_MS);
  }

  async #restore(): Promise<void> {
    this.host.crash();
    await this.#world.pass(RESTORE_MS);
    await this.#world.site.restore();
    this.#world.probes.hit("restore");
    this.#restoring = null;
    await this.host.start();
  }

  #setStorage(state: "fair" | "away" | "flaky"): void {
    const { site, history } = this.#world;
    const { storageLatencyMs: latencyMs } = this.#plan;
    const { lost, lying, repeated } = this.#plan.hints;
    Object.assign(site.weather, FAIR_STORAGE, {
      latencyMs,
      lostHints: lost,
      lyingHints: lying,
      repeatedHints: repeated,
    });
    if (state === "away") site.weather.isAway = true;
    if (state === "flaky")
      Object.assign(site.weather, { readFailure: 0.3, failBefore: 0.15, failAt: 0.15, failAfter: 0.15 });
    history.record({ kind: state === "fair" ? "calm" : "trouble" });
  }

  #jump(device: string | null, ms: number): void {
    this.#world.probes.hit("clock_jump");
    if (device === null) this.host.jumpClock(ms);
    else this.#device(device).jumpClock(ms);
  }

  #onLinks(device: string, act: (link: Link) => void): void {
    for (const link of this.#world.network.links) if (link.device === device) act(link);
  }

  #device(id: string): Device {
    const device = this.devices.get(id);
    if (device === undefined) throw new Error(`the plan names a device ${id} that is not in the cast`);
    return device;
  }
}
