import type { ConformanceRunner } from "../runner.js";
import { systemClock } from "./clock.js";
import { countHandles } from "./count-handles.js";
import { Patience } from "./patience.js";

/**
 * Registers the case that an adapter gives everything back. Warmed up first: what a library keeps once for the whole process is no leak.
 * @param use makes, uses and closes adapters
 */
export function handlesCase(runner: ConformanceRunner, part: string, use: () => Promise<void>): void {
  runner.describe(`${part}: handles`, () => {
    runner.it("leaves none behind", async () => {
      await use();
      const before = countHandles();
      await use();
      await new Patience(systemClock()).until("every handle is given back", () => countHandles() <= before);
    });
  });
}
