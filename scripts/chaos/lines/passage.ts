import type { Socket } from "node:net";
import type { Cancel } from "../../../src/core/runtime.js";
import { Lane } from "./lane.js";
import type { LineClock } from "./line-clock.js";
import { resetSocket } from "./reset-socket.js";
import { FAIR, type Weather } from "./weather.js";

/** Makes the other half of a connection. Resolves with `null` when there is nobody to connect to. */
export type Dial = () => Promise<Socket | null>;

/** One connection through a line. */
export class Passage {
  readonly #near: Socket;
  readonly #dial: Dial;
  readonly #clock: LineClock;
  #weather: Weather;
  #far: Socket | null = null;
  #lanes: readonly Lane[] = [];
  #isDialling = false;
  #cancel: Cancel = () => {};

  /** @param near the half that somebody has made; not yet read */
  constructor(near: Socket, dial: Dial, weather: Weather, clock: LineClock) {
    this.#near = near;
    this.#dial = dial;
    this.#weather = weather;
    this.#clock = clock;
    tend(near);
  }

  /** Makes the other half, as soon as the line is whole both ways. */
  open(): void {
    if (this.#isDialling || this.#weather.lost !== null) return;
    this.#isDialling = true;
    const { latencyMs } = this.#weather;
    if (latencyMs === 0) void this.#meet();
    else this.#cancel = this.#clock.setTimer(latencyMs, () => void this.#meet());
  }

  get weather(): Weather {
    return this.#weather;
  }

  /** The port of who has connected: by it a client is known at its own end. */
  get nearPort(): number | undefined {
    return this.#near.remotePort;
  }

  /** Bytes that are in it, both ways. */
  get heldBytes(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.heldBytes, 0);
  }

  setWeather(change: Partial<Weather>): void {
    this.#weather = { ...this.#weather, ...change };
    for (const lane of this.#lanes) lane.setWeather(this.#weather);
    this.open();
  }

  heal(): void {
    this.setWeather(FAIR);
  }

  /** Breaks it; both ends hear it at once. */
  reset(): void {
    this.#cancel();
    for (const lane of this.#lanes) lane.close();
    for (const end of [this.#near, this.#far]) if (end !== null) resetSocket(end);
  }

  /** Resolves when neither half is left. */
  async ended(): Promise<void> {
    await closed(this.#near);
    if (this.#far !== null) await closed(this.#far);
  }

  async #meet(): Promise<void> {
    const far = this.#near.destroyed ? null : await this.#dial();
    if (far !== null) tend(far);
    if (far === null || this.#near.destroyed) {
      far?.destroy();
      this.reset();
      return;
    }
    this.#far = far;
    this.#join(far);
  }

  #join(far: Socket): void {
    const near = this.#near;
    const [up, down] = [
      new Lane("up", near, far, this.#weather, this.#clock),
      new Lane("down", far, near, this.#weather, this.#clock),
    ];
    this.#lanes = [up, down];
    this.#follow(near, up, down);
    this.#follow(far, down, up);
    near.resume();
  }

  /** What breaks at one end breaks at the other; what ends in order has said so as its last bytes. */
  #follow(end: Socket, out: Lane, into: Lane): void {
    end.on("close", (hadError) => {
      into.close();
      if (hadError || !end.readableEnded) out.breakOff();
    });
  }
}

function tend(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => {});
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}
