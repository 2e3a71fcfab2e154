import type { Target, UserId } from "../../../src/core/model.js";
import { LegacyClient, PATIENCE_MS, REDIAL_MS } from "../../../src/testing/simulation/actors/legacy-client.js";
import type { DeviceId, Problem } from "../../../src/testing/simulation/history.js";
import type { CastDevice } from "./cast.js";
import { MortalRuntime } from "./mortal-runtime.js";
import type { InboxView, Seat } from "./seat.js";
import type { SeatSurroundings } from "./seat-surroundings.js";
import { Wires } from "./wire.js";

const LOOK_EVERY_MS = 1_000;

/** A client that speaks only the original protocol, the simulator's in real time, and the person at it. */
export class LegacySeat implements Seat {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly isLegacy = true;
  /** It takes part only where every device is let in. */
  readonly isSidelined = false;
  readonly #runtime = new MortalRuntime();
  readonly #wires: Wires;
  readonly #client: LegacyClient;

  constructor({ id, userId }: CastDevice, { history, ear, url, token }: SeatSurroundings) {
    this.id = id;
    this.userId = userId;
    const [runtime, wires] = [this.#runtime, new Wires(ear, id)];
    this.#wires = wires;
    const { least, most } = REDIAL_MS;
    this.#client = new LegacyClient({
      device: id,
      userId,
      runtime,
      history,
      url,
      dial: (place, events) => wires.dial(runtime)(place, events),
      token: () => token(userId),
      redialMs: () => least + runtime.random() * (most - least),
      onRetry: () => {},
    });
  }

  get waiting(): number {
    return this.#client.waiting;
  }

  start(): void {
    this.#client.start();
    this.#look();
  }

  /** The original has no store: an application that starts again has seen nothing, which proves nothing. */
  kill(): void {}

  send(target: Target, words: string): void {
    this.#client.send(target, words, false);
  }

  heal(): void {}

  problems({ lastReceived }: InboxView): readonly Problem[] {
    const who = this.id;
    if (!this.#client.isSignedIn) return [{ what: "cannot_log_in", who }];
    return [
      ...(this.#client.shown < lastReceived ? [{ what: "behind", who } as const] : []),
      ...(this.waiting > 0 ? [{ what: "unsettled", who } as const] : []),
    ];
  }

  async close(): Promise<void> {
    this.#client.close();
    this.#runtime.kill();
    this.#wires.drop();
  }

  /** The person: opens the application again when nothing comes of what they do, or when it does not sign in. */
  #look(): void {
    this.#runtime.setTimer(LOOK_EVERY_MS, () => {
      if (this.#client.isStuck(this.#runtime.elapsed() - PATIENCE_MS)) this.#client.hangUp();
      this.#look();
    });
  }
}
