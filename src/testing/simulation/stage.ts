import type { SeededRandom } from "../fakes/random.js";
import { Administrator } from "./actors/administrator.js";
import type { Device } from "./actors/device.js";
import { Fleet } from "./actors/fleet.js";
import { LegacyDevice } from "./actors/legacy-device.js";
import { SdkDevice } from "./actors/sdk-device.js";
import { SimHub } from "./cluster/sim-hub.js";
import { ClusterFaults } from "./cluster-faults.js";
import { WHOLE_AFTER_MS } from "./draw-plan.js";
import type { NodeNumber, Problem } from "./history.js";
import type { Link } from "./network/link.js";
import { GOOD_LINE, type LinkQuality } from "./network/weather.js";
import type { DevicePlan, FaultStep, Plan, Step } from "./plan.js";
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
/** Somebody tries the other device so often, and waits so long in between, ms. */
const TRIES = 10;
const TURN_MS = 4_000;

/** Everyone who acts in a schedule, and what the plan can make of them. */
export class Stage {
  readonly devices: ReadonlyMap<string, Device>;
  readonly fleet: Fleet;
  readonly administrator: Administrator;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #sim: SimHub | null;
  readonly #clusterFaults: ClusterFaults;
  /** While the storage is being put back nobody may serve. */
  #restoring: Promise<void> | null = null;
  #isHealed = false;

  /** @param clusterRandom for what concerns several nodes */
  constructor(world: World, plan: Plan, clusterRandom: SeededRandom) {
    this.#world = world;
    this.#plan = plan;
    this.#sim = plan.cluster === null ? null : new SimHub(world, plan.cluster, clusterRandom.fork());
    this.fleet = new Fleet(world, plan, { sim: this.#sim, random: clusterRandom.fork() });
    const roll = () => this.fleet.roll(GRACE_MS, () => this.#restoring === null);
    this.#clusterFaults = new ClusterFaults({ world, plan, sim: this.#sim, fleet: this.fleet, roll });
    this.administrator = new Administrator(world, this.fleet);
    this.devices = new Map(plan.cast.devices.map((device) => [device.id, this.#createDevice(device)]));
  }

  /** Everything is there and works. */
  async open(): Promise<void> {
    const { network, site, history } = this.#world;
    const { latencyMs, jitterMs, cast, policy } = this.#plan;
    Object.assign(network.weather, { latencyMs, jitterMs });
    network.nodes = this.fleet.hosts.length;
    history.record({ kind: "rules", policy });
    await site.start();
    await this.#sim?.start();
    await this.fleet.start();
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
      case "disconnect":
        return this.administrator.disconnect(step.userId);
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
    this.#setAccounts("fair");
    Object.assign(network.weather, { connectFailure: 0, connectSilence: 0 });
    network.lines.clear();
    this.#clusterFaults.heal();
    for (const link of network.links) {
      Object.assign(link.quality, GOOD_LINE);
      if (!link.isSound) link.cut(100, 100);
    }
    await this.#restoring;
    await this.fleet.start();
    for (const device of this.devices.values()) device.heal();
    if (this.#sim !== null) this.#world.time.after(WHOLE_AFTER_MS, () => history.record({ kind: "united" }));
  }

  /** What is still open; empty at rest. */
  problems(): Problem[] {
    const hangs = (this.#sim?.hub.waitingRecords ?? 0) > 0;
    return [
      ...this.administrator.problems(),
      ...[...this.devices.values()].flatMap((device) => device.problems()),
      ...(hangs ? [{ what: "queue_hangs", who: "the queue" } as const] : []),
    ];
  }

  /**
   * Whoever has lost its place to another device of its user, or was kept out, is taken up again, one after the other and all of
   * a user's: each has to get everything.
   * @param rest lets time pass until what is asked for is true
   */
  async takeTurns(rest: (done: () => boolean) => Promise<boolean>): Promise<void> {
    const all = [...this.devices.values()];
    const users = new Set(all.filter(({ isSidelined }) => isSidelined).map(({ userId }) => userId));
    const turns = all.filter(({ userId }) => users.has(userId));
    // What the first turn brings in, those before have not seen.
    for (const device of [...turns, ...turns]) {
      await this.#takeUp(device, rest);
      await rest(() => this.problems().length === 0);
    }
  }

  /** Everybody goes home. */
  async close(): Promise<void> {
    await Promise.all([...this.devices.values()].map((device) => device.close()));
    await this.fleet.drain(GRACE_MS);
    await this.#sim?.close();
  }

  /** Where the other device keeps it out, that is put away; what is left of it may keep it out for a while. */
  async #takeUp(device: Device, rest: (done: () => boolean) => Promise<boolean>): Promise<void> {
    device.start();
    if (this.#plan.policy !== "reject-new") return;
    await this.#pause(rest);
    const others = [...this.devices.values()].filter(({ userId, id }) => userId === device.userId && id !== device.id);
    if (device.isSidelined) for (const other of others) void other.leave();
    for (let tries = 0; device.isSidelined && tries < TRIES; tries++) {
      await this.#pause(rest);
      device.start();
      await this.#pause(rest);
    }
  }

  async #pause(rest: (done: () => boolean) => Promise<boolean>): Promise<void> {
    let isOver = false;
    this.#world.time.after(TURN_MS, () => {
      isOver = true;
    });
    await rest(() => isOver);
  }

  #createDevice(plan: DevicePlan): Device {
    const { cast, policy } = this.#plan;
    const isAlone = cast.devices.every(({ userId, id }) => userId !== plan.userId || id === plan.id);
    if (plan.isLegacy) return new LegacyDevice(this.#world, plan.id, plan.userId);
    return new SdkDevice(this.#world, plan, policy !== "multi" && !isAlone);
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
        return this.#setAccounts(step.mood);
      case "storage":
        return this.#setStorage(step.state);
      case "copy":
        return this.#world.site.backUp();
      case "restore":
        this.#restoring = this.#restore();
        return;
      case "crash":
        return this.fleet.crash(step.node);
      case "drain":
        return this.#drain(step.node);
      case "serve":
        if (this.#restoring === null) void this.fleet.start(step.node);
        return;
      default:
        return this.#clusterFaults.act(step);
    }
  }

  #drain(node: NodeNumber | "all"): void {
    if (this.fleet.chosen(node).some(({ process }) => process !== null)) this.#world.probes.hit("drain");
    void this.fleet.drain(GRACE_MS, node);
  }

  async #restore(): Promise<void> {
    this.fleet.crash();
    await this.#world.pass(RESTORE_MS);
    await this.#world.site.restore();
    this.#world.probes.hit("restore");
    this.#restoring = null;
    await this.fleet.start();
  }

  #setAccounts(mood: "fair" | "busy" | "slow"): void {
    this.#world.office.mood = mood;
    this.#world.history.record({ kind: mood === "fair" ? "accounts_fair" : "accounts_slow" });
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

  /** The machines have one clock. */
  #jump(device: string | null, ms: number): void {
    this.#world.probes.hit("clock_jump");
    if (device !== null) return this.#device(device).jumpClock(ms);
    this.#world.office.jumpClock(ms);
    for (const host of this.fleet.hosts) host.jumpClock(ms);
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
