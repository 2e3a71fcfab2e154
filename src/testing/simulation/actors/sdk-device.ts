import { createClient } from "../../../client/create-im-client.js";
import type { ClientState } from "../../../client/im-client.js";
import { CLOSE } from "../../../core/close-codes.js";
import type { Target, UserId } from "../../../core/model.js";
import type { SeededRandom } from "../../fakes/random.js";
import { VirtualRuntime } from "../../fakes/virtual-time.js";
import type { DeviceId, Problem } from "../history.js";
import type { DevicePlan } from "../plan.js";
import type { World } from "../world.js";
import type { Device } from "./device.js";
import { DeviceStore } from "./device-store.js";
import { isForbidden } from "./house-rules.js";
import { GIVEN_AWAY, SdkApplication } from "./sdk-application.js";

/** Whoever was signed out because the application wanted it signs in again after so long, ms. */
const SIGN_IN_AGAIN_MS = 3_000;
type Application = SdkApplication<VirtualRuntime>;

/** The real client on one installation, through all starts of its application. */
export class SdkDevice implements Device {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly #world: World;
  readonly #store = new DeviceStore();
  readonly #plan: DevicePlan;
  #application: Application | null = null;
  readonly #mayBeSidelined: boolean;
  /** Of an application that has ended by itself, and may still be putting its things away. */
  #ending: VirtualRuntime | null = null;
  #composed = 0;
  #isLeaving = false;
  #isSidelined = false;

  /** @param mayBeSidelined the rules are such that another device of the user may take its place, or keep it out */
  constructor(world: World, plan: DevicePlan, mayBeSidelined: boolean) {
    this.#mayBeSidelined = mayBeSidelined;
    this.#world = world;
    this.id = plan.id;
    this.userId = plan.userId;
    this.#plan = plan;
  }

  get isSidelined(): boolean {
    return this.#isSidelined;
  }

  start(): void {
    if (this.#application !== null) return;
    this.#isSidelined = false;
    this.#ending?.kill();
    const { time, random, network, history, office } = this.#world;
    const runtime = new VirtualRuntime(time, random.uint32());
    const store = this.#store.open(runtime, turnsOf(runtime, random.fork(), this.#plan.storeLatencyMs));
    const platform = { runtime, dial: network.dial(this.id, runtime) };
    const token = office.tokenFor(this.userId, this.#plan.tokens);
    const { deviceKind } = this.#plan;
    const kind = deviceKind === "" ? {} : { deviceKind };
    const client = createClient(platform, { url: "ws://simulated", token, store, ...kind });
    const { id: device, userId } = this;
    const epoch = () => this.#store.epoch;
    const application = new SdkApplication(client, { device, userId, history, process: runtime, epoch });
    this.#application = application;
    history.record({ kind: "opened", device, userId, author: "sdk", saved: [...this.#store.saved], deviceKind });
    client.on("state", (state) => this.#changed(application, state));
    client.connect().catch(() => undefined);
  }

  kill(): void {
    const application = this.#application;
    if (application === null) return;
    this.#application = null;
    this.#world.probes.hit("application_restart");
    application.process.kill();
    this.#world.network.clientDied(application.process);
    application.abandon();
  }

  send(target: Target, words: string): void {
    this.#application?.send(`${this.id}.${++this.#composed}`, target, words, isForbidden(words));
  }

  jumpClock(ms: number): void {
    this.#application?.process.jumpClock(ms);
  }

  heal(): void {
    this.start();
  }

  problems(): readonly Problem[] {
    if (this.#isSidelined) return [];
    const who = this.id;
    const state = this.#application?.client.state.name;
    if (state !== "online" && state !== "syncing") return [{ what: "cannot_log_in", who }];
    const { site } = this.#world;
    const isBehind = this.#store.epoch !== site.epoch || this.#store.cursor !== site.headOf(this.userId);
    const isUnsettled = this.#store.unsettled > 0 || this.#application?.waiting !== 0;
    return [
      ...(isBehind ? [{ what: "behind", who } as const] : []),
      ...(isUnsettled ? [{ what: "unsettled", who } as const] : []),
    ];
  }

  async leave(): Promise<void> {
    const application = this.#application;
    this.#application = null;
    this.#ending = application?.process ?? null;
    this.#isSidelined = true;
    await application?.client.close();
  }

  async close(): Promise<void> {
    this.#isLeaving = true;
    await this.#application?.client.close();
  }

  /** A client that gives up, and nobody wanted it to, stays away for good. */
  #changed(application: Application, state: ClientState): void {
    if (application !== this.#application || this.#isLeaving || state.name !== "closed") return;
    const closeCode = application.gaveUp(state);
    if (closeCode === CLOSE.kicked) {
      this.#end(application);
      this.#world.time.after(SIGN_IN_AGAIN_MS, () => this.#isLeaving || this.start());
    }
    if (!this.#mayBeSidelined || !GIVEN_AWAY.has(closeCode)) return;
    this.#end(application);
    this.#isSidelined = true;
    this.#world.probes.hit(closeCode === CLOSE.replaced ? "session_replaced" : "kept_out");
  }

  #end({ process }: Application): void {
    this.#application = null;
    this.#ending = process;
  }
}

/** The calls of a store that is slow: each takes up to `latencyMs`. */
function turnsOf(runtime: VirtualRuntime, random: SeededRandom, latencyMs: number): () => Promise<void> {
  if (latencyMs === 0) return () => Promise.resolve();
  return () => new Promise((resolve) => void runtime.setTimer(random.between(0, latencyMs), resolve));
}
