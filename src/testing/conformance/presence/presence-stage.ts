import { assertEqual, assertThat } from "../assert.js";
import { systemClock } from "../cluster/clock.js";
import { Patience } from "../cluster/patience.js";
import type { HarmCases } from "../cluster/register-cases.js";
import { PresenceDesk } from "./presence-desk.js";
import type { PresenceFactory, PresenceFixture, PresenceHarm } from "./presence-fixture.js";

/** A start may take so long when the book is out of reach, ms: 3 s, and what a busy machine adds. */
const GIVES_UP_WITHIN_MS = 5_000;

/** One case's book and the nodes that write in it. */
export class PresenceStage {
  readonly patience: Patience;
  readonly #fixture: PresenceFixture;
  readonly #desks: PresenceDesk[] = [];

  private constructor(fixture: PresenceFixture) {
    this.#fixture = fixture;
    this.patience = new Patience(fixture.clock ?? systemClock());
  }

  /** A presence that is not started. */
  async newDesk(): Promise<PresenceDesk> {
    const desk = new PresenceDesk(await this.#fixture.join(), this.patience);
    this.#desks.push(desk);
    return desk;
  }

  async desk(): Promise<PresenceDesk> {
    const desk = await this.newDesk();
    await this.start(desk);
    return desk;
  }

  async start(desk: PresenceDesk): Promise<void> {
    await this.patience.for("start", desk.presence.start(), GIVES_UP_WITHIN_MS);
  }

  async close(desk: PresenceDesk): Promise<void> {
    await this.patience.for("close", desk.close(), GIVES_UP_WITHIN_MS);
  }

  /** How long a route lives, ms. */
  get routeLifeMs(): number {
    const { routeLifeMs } = this.#fixture;
    assertThat(routeLifeMs !== undefined, "a fixture that lists the harm `expiry` says how long a route lives");
    return routeLifeMs;
  }

  async flush(): Promise<void> {
    assertThat(this.#fixture.flush !== undefined, "a fixture that lists the harm `flush` can do it");
    await this.#fixture.flush();
  }

  /** Lets time pass, and only time: for what must have been forgotten or kept by then. */
  pass(ms: number): Promise<void> {
    return (this.#fixture.clock ?? systemClock()).pass(ms);
  }

  /** Runs one case and checks what holds in every case. */
  static async use(create: PresenceFactory, body: (stage: PresenceStage) => Promise<void>): Promise<void> {
    const fixture = await create();
    const stage = new PresenceStage(fixture);
    try {
      await body(stage);
    } finally {
      await stage.patience.for("every close", Promise.all(stage.#desks.map((desk) => desk.close())));
      await fixture.dispose();
    }
    for (const { late } of stage.#desks) assertEqual(late, 0, "conditions told after close");
  }
}

/** One topic's cases. */
export type PresenceCases = HarmCases<PresenceStage, PresenceHarm>;
