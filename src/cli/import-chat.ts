import type { ImportProgress } from "../adapters/knex/index.js";
import type { ImportCommand } from "./command.js";
import { planLines, progressLine } from "./import-words.js";
import { nameOf, optionsOf } from "./place.js";
import type { Terminal } from "./terminal.js";

/** How often progress is told where the terminal says nothing else, ms. */
const PROGRESS_MS = 1_000;

/**
 * Takes a chat of the original over, or says what would become of it. Tells the plan before anything of it is written, and how
 * far it is meanwhile.
 * Errors: those of `importShyim`.
 */
export async function importChat(command: ImportCommand, terminal: Terminal): Promise<void> {
  const { from, to, isDryRun, maxContentBytes, client } = command;
  const target = nameOf(to);
  // Loaded here, since `shyim --help` must not need knex, which is installed by those who want it.
  const { importShyim } = await import("../adapters/knex/index.js");
  const begunAt = performance.now();
  const result = await importShyim({
    from,
    to: optionsOf(to),
    isDryRun,
    sortWith: client,
    ...(maxContentBytes === null ? {} : { maxContentBytes }),
    onPlan: (plan) => say(planLines(plan, target), terminal),
    onProgress: progressTeller(terminal),
  });
  say(OUTCOMES[result](target, (performance.now() - begunAt) / 1_000), terminal);
}

function say(lines: readonly string[], terminal: Terminal): void {
  for (const line of lines) terminal.out(line);
}

const OUTCOMES = {
  planned: () => ["Dry run: nothing was written."],
  imported: (target: string, seconds: number) => [
    `Imported into ${target} in ${seconds.toFixed(1)} s.`,
    "People sign in with their old passwords once the server has accounts.importedPasswordSalt; see docs/import.md.",
  ],
  "imported before": (target: string) => [`${target} holds this import already: it is complete, nothing was changed.`],
} as const;

/** Says a line at most every so often: the first when something has taken so long. */
function progressTeller(terminal: Terminal): (progress: ImportProgress) => void {
  const every = terminal.progressMs ?? PROGRESS_MS;
  let told = performance.now();
  let step = { name: "", at: told, done: 0 };
  return (progress) => {
    const name = `${progress.step} ${progress.what}`;
    const now = performance.now();
    // What an earlier run has done is no speed of this one.
    if (name !== step.name) step = { name, at: now, done: progress.done };
    if (now - told < every) return;
    told = now;
    const seconds = (now - step.at) / 1_000;
    terminal.out(progressLine(progress, seconds === 0 ? 0 : (progress.done - step.done) / seconds));
  };
}
