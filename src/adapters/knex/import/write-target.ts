import type { ImportProgress } from "./import-plan.js";
import { assertSameDigest, type Beginning, COMPLETE, type Place, readPlace } from "./import-state.js";
import { MESSAGES, type MessageFlow, writeMessages } from "./write-messages.js";
import { complete, NUMBERS, PEOPLE, writePhase } from "./write-phases.js";

/** How much is read or written at a time. */
export interface PageSizes {
  /** Rows of the source, and of every table of the target but those of messages. */
  readonly rows?: number;
  readonly messages?: number;
}

const ORDER: readonly string[] = [...PEOPLE.map(({ name }) => name), MESSAGES, ...NUMBERS.map(({ name }) => name)];
const LAST = "end";

/** Where an import begins. */
export const FIRST: Place = { phase: ORDER[0] ?? LAST, done: 0 };

/** Phases in which heads and conversations are written; before them nobody but a server has any. */
export const LATE_PHASES: readonly string[] = [...NUMBERS.map(({ name }) => name), LAST];

/**
 * Writes what the workbench holds, from where an earlier run was. A transaction holds a page and the place that is reached with
 * it, so whatever happens in between is as if it had not been begun.
 * Errors: `operation_failed` when the workbench is not the one that the writing began with.
 */
export async function writeTarget(
  flow: MessageFlow,
  beginning: Beginning,
  digest: string,
  onProgress: (progress: ImportProgress) => void,
  pages: PageSizes = {},
): Promise<void> {
  const { database } = flow;
  await database.transaction((trx) => assertSameDigest(trx, digest));
  for (const name of ORDER) {
    const place = await database.read(readPlace);
    if (place.phase !== name) continue;
    const next = ORDER[ORDER.indexOf(name) + 1] ?? LAST;
    await writeOne(flow, name, place.done, next, onProgress, pages);
  }
  const place = await database.read(readPlace);
  if (place.phase !== COMPLETE.phase) await complete(database, place, beginning.lastIds);
}

async function writeOne(
  flow: MessageFlow,
  name: string,
  begun: number,
  next: string,
  onProgress: (progress: ImportProgress) => void,
  pages: PageSizes,
): Promise<void> {
  const phase = [...PEOPLE, ...NUMBERS].find((each) => each.name === name);
  const from = phase?.from ?? "select n from message where n > ? order by n limit ?";
  const of = await flow.workbench.count(countAfter(from, 0));
  let done = of - (await flow.workbench.count(countAfter(from, begun)));
  const tell = (rows: number): void => {
    done += rows;
    onProgress({ step: "writing", what: phase?.what ?? MESSAGES, done, of });
  };
  if (phase === undefined) return writeMessages(flow, begun, next, tell, pages.messages);
  await writePhase(flow, phase, begun, next, tell, pages.rows);
}

/** How many rows a page without an end would have. */
function countAfter(from: string, n: number): string {
  return `select count(*) from (${from.replace("> ?", `> ${n}`).replace("limit ?", "")})`;
}
