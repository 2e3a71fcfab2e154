import type { Target, UserId } from "../../../core/model.js";
import { VirtualRuntime } from "../../fakes/virtual-time.js";
import type { DeviceId, Problem } from "../history.js";
import type { World } from "../world.js";
import type { Device } from "./device.js";
import { isForbidden } from "./house-rules.js";
import { LegacyClient, PATIENCE_MS, REDIAL_MS } from "./legacy-client.js";

/** A client that speaks only the original protocol, and the person at it. */
export class LegacyDevice implements Device {
  readonly id: DeviceId;
  readonly userId: UserId;
  /** It takes part only where every device is let in. */
  readonly isSidelined = false;
  readonly #world: World;
  readonly #runtime: VirtualRuntime;
  readonly #client: LegacyClient;
  #isClosed = false;

  constructor(world: World, id: DeviceId, userId: UserId) {
    this.#world = world;
    this.id = id;
    this.userId = userId;
    const runtime = new VirtualRuntime(world.time, world.random.uint32());
    this.#runtime = runtime;
    this.#client = new LegacyClient({
      device: id,
      userId,
      runtime,
      history: world.history,
      url: "ws://simulated",
      dial: (url, events) => world.network.dial(id, runtime)(url, events),
      token: () => userId,
      redialMs: () => world.random.between(REDIAL_MS.least, REDIAL_MS.most),
      onRetry: () => world.probes.hit("legacy_retry"),
    });
  }

  start(): void {
    this.#client.start();
  }

  /** The original has no store: an application that starts again has seen nothing, which proves nothing. */
  kill(): void {}

  send(target: Target, words: string): void {
    this.#client.send(target, words, isForbidden(words));
  }

  async leave(): Promise<void> {}

  jumpClock(ms: number): void {
    this.#runtime.jumpClock(ms);
  }

  heal(): void {
    this.#lookAgain();
  }

  problems(): readonly Problem[] {
    const who = this.id;
    if (!this.#client.isSignedIn) return [{ what: "cannot_log_in", who }];
    const isBehind = this.#client.shown < this.#world.site.lastReceived(this.userId);
    return [
      ...(isBehind ? [{ what: "behind", who } as const] : []),
      ...(this.#client.waiting > 0 ? [{ what: "unsettled", who } as const] : []),
    ];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#client.close();
  }

  #lookAgain(): void {
    if (this.#isClosed) return;
    if (this.#client.waiting > 0 || !this.#client.isSignedIn) this.#client.hangUp();
    this.#runtime.setTimer(PATIENCE_MS, () => this.#lookAgain());
  }
}
