import type { ConformanceRunner } from "../runner.js";

/** Registers one case; one that needs a harm is registered only where the fixture can do it. */
export type HarmCaseRegister<Stage, Harm> = (name: string, body: (stage: Stage) => Promise<void>, harm?: Harm) => void;

/** One topic's cases. */
export type HarmCases<Stage, Harm> = (it: HarmCaseRegister<Stage, Harm>) => void;

/**
 * Registers the topics of a suite, each as a section of its own if any case of it is left.
 * @param run runs one case on a fresh stage
 */
export function registerCases<Stage, Harm>(
  runner: ConformanceRunner,
  topics: Readonly<Record<string, HarmCases<Stage, Harm>>>,
  harms: readonly Harm[],
  run: (body: (stage: Stage) => Promise<void>) => Promise<void>,
): void {
  for (const [title, cases] of Object.entries(topics)) {
    const found: (readonly [name: string, body: (stage: Stage) => Promise<void>])[] = [];
    cases((name, body, harm) => {
      if (harm === undefined || harms.includes(harm)) found.push([name, body]);
    });
    if (found.length === 0) continue;
    runner.describe(title, () => {
      for (const [name, body] of found) runner.it(name, () => run(body));
    });
  }
}
