import type { ConformanceRunner } from "./runner.js";
import { backlogCases } from "./transport/backlog-cases.js";
import { doorCases } from "./transport/door-cases.js";
import { endCases } from "./transport/end-cases.js";
import { frameCases } from "./transport/frame-cases.js";
import { goodbyeCases } from "./transport/goodbye-cases.js";
import { harmCases } from "./transport/harm-cases.js";
import { countHandles, lifecycleCases } from "./transport/lifecycle-cases.js";
import { pauseCases } from "./transport/pause-cases.js";
import type { TransportFactory } from "./transport/transport-fixture.js";
import { type TransportCases, TransportStage } from "./transport/transport-stage.js";
import { until } from "./transport/until.js";

export type { TestClient, TransportFactory, TransportFixture } from "./transport/transport-fixture.js";

const TOPICS: Readonly<Record<string, TransportCases>> = {
  lifecycle: lifecycleCases,
  door: doorCases,
  frames: frameCases,
  pause: pauseCases,
  backlog: backlogCases,
  goodbye: goodbyeCases,
  end: endCases,
  harm: harmCases,
};

/** Uses a transport in every way that leaves something to give back. */
async function useAndClose(stage: TransportStage): Promise<void> {
  const [kept, closing, stuck] = [await stage.pair(), await stage.pair(), await stage.pair()];
  kept.client.send(new Uint8Array([1]));
  await until("the frame arrives", () => kept.server.frames.length === 1);
  stuck.client.stopReading();
  stuck.server.socket.close(4508, "reads too slowly");
  closing.server.socket.close(4410, "kicked");
  await closing.client.closed;
}

/**
 * Proves that a transport keeps the contract of `adapters/contracts/transport.ts`: registers about fifty cases with
 * `runner`, each on a fresh fixture from `create`. No case waits for time to pass, only for conditions.
 */
export function transportConformance(runner: ConformanceRunner, create: TransportFactory): void {
  for (const [topic, cases] of Object.entries(TOPICS)) {
    runner.describe(`transport: ${topic}`, () => {
      cases((name, body) => runner.it(name, () => TransportStage.use(create, body)));
    });
  }
  runner.describe("transport: handles", () => {
    runner.it("leaves none behind", async () => {
      await TransportStage.use(create, useAndClose);
      const before = countHandles();
      await TransportStage.use(create, useAndClose);
      await until("every handle is given back", () => countHandles() <= before);
    });
  });
}
