import { createClient } from "../../../src/client/create-im-client.js";
import type { ClientState } from "../../../src/client/im-client.js";
import type { Target, UserId } from "../../../src/core/model.js";
import { DeviceStore } from "../../../src/testing/simulation/actors/device-store.js";
import { GIVEN_AWAY, SdkApplication } from "../../../src/testing/simulation/actors/sdk-application.js";
import type { DeviceId, Problem } from "../../../src/testing/simulation/history.js";
import type { CastDevice } from "./cast.js";
import { MortalRuntime } from "./mortal-runtime.js";
import type { InboxView, Seat } from "./seat.js";
import type { SeatSurroundings } from "./seat-surroundings.js";
import { Wires } from "./wire.js";

/** The real client on one installation, through all starts of its application. As the simulator's, in real time. */
export class SdkSeat implements Seat {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly isLegacy = false;
  readonly #around: SeatSurroundings;
  readonly #store = new DeviceStore();
  readonly #wires: Wires;
  #application: SdkApplication<MortalRuntime> | null = null;
  #composed = 0;
  #isLeaving = false;
  #isSidelined = false;

  constructor({ id, userId }: CastDevice, around: SeatSurroundings) {
    this.id = id;
    this.userId = userId;
    this.#around = around;
    this.#wires = new Wires(around.ear, id);
  }

  get waiting(): number {
    return this.#application?.waiting ?? 0;
  }

  get isSidelined(): boolean {
    return this.#isSidelined;
  }

  start(): void {
    if (this.#application !== null) return;
    this.#isSidelined = false;
    const runtime = new MortalRuntime();
    const platform = { runtime, dial: this.#wires.dial(runtime) };
    const { url, token } = this.#around;
    const client = createClient(platform, { url, token: () => token(this.userId), store: this.#store.open(runtime) });
    const { id: device, userId } = this;
    const { history } = this.#around;
    const epoch = () => this.#store.epoch;
    const application = new SdkApplication(client, { device, userId, history, process: runtime, epoch });
    this.#application = application;
    const saved = [...this.#store.saved];
    history.record({ kind: "opened", device, userId, author: "sdk", saved, deviceKind: "" });
    client.on("state", (state) => this.#changed(application, state));
    client.connect().catch(() => undefined);
  }

  kill(): void {
    const application = this.#application;
    if (application === null) return;
    this.#application = null;
    application.process.kill();
    this.#wires.drop();
    application.abandon();
  }

  send(target: Target, words: string): void {
    this.#application?.send(`${this.id}.${++this.#composed}`, target, words, false);
  }

  heal(): void {
    if (!this.#isSidelined) this.start();
  }

  problems({ epoch, head }: InboxView): readonly Problem[] {
    if (this.#isSidelined) return [];
    const who = this.id;
    const state = this.#application?.client.state.name;
    if (state !== "online" && state !== "syncing") return [{ what: "cannot_log_in", who }];
    const isBehind = head > 0 && (this.#store.epoch !== epoch || this.#store.cursor !== head);
    const isUnsettled = this.#store.unsettled > 0 || this.waiting > 0;
    return [
      ...(isBehind ? [{ what: "behind", who } as const] : []),
      ...(isUnsettled ? [{ what: "unsettled", who } as const] : []),
    ];
  }

  async close(): Promise<void> {
    this.#isLeaving = true;
    await this.#application?.client.close();
  }

  /** A client that gives up, and nobody wanted it to, stays away for good. */
  #changed(application: SdkApplication<MortalRuntime>, state: ClientState): void {
    if (application !== this.#application || this.#isLeaving || state.name !== "closed") return;
    if (!GIVEN_AWAY.has(application.gaveUp(state))) return;
    this.#application = null;
    this.#isSidelined = true;
  }
}
