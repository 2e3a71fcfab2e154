import { ImError, isImError } from "../../../core/errors.js";
import { describe } from "../../../core/model.js";
import { DEFAULT_MAX_CONTENT_BYTES, type ImportOptions } from "./import-options.js";
import { PARTS } from "./import-plan.js";
import type { Beginning } from "./import-state.js";
import { type ImportTarget, WHEREABOUTS } from "./import-target.js";
import type { MysqlSource } from "./mysql-source.js";
import type { SourceTables } from "./source-tables.js";
import { readLastIds } from "./stage-rows.js";
import { localZone } from "./wall-clock.js";
import { FIRST, LATE_PHASES } from "./write-target.js";

/** Largest content any storage takes. */
const MOST_CONTENT_BYTES = 1_000_000;

/** What an import of this moment would be begun with. */
export async function readSituation(
  source: MysqlSource,
  tables: SourceTables,
  { maxContentBytes = DEFAULT_MAX_CONTENT_BYTES }: ImportOptions,
): Promise<Omit<Beginning, "importId">> {
  const lastIds = await readLastIds(source, tables);
  const tooHigh = PARTS.find((part) => !Number.isSafeInteger(lastIds[part]));
  if (tooHigh !== undefined) {
    const message = `${source.place}: the table ${tables.names[tooHigh]} has ids beyond 2^53, up to ${lastIds[tooHigh]}`;
    throw new ImError("no_data", { message });
  }
  const [row] = await source.read<{ name: string }>("select database() as name");
  return { lastIds, maxContentBytes, database: row?.name ?? "", timeZone: localZone() };
}

/**
 * Begins an import, or gives what an earlier run has begun.
 * Errors: `operation_failed` when the target has a chat of its own, or the import was begun with something else.
 */
export async function beginOrGoOn(
  source: MysqlSource,
  target: ImportTarget,
  begun: Beginning | null,
  situation: Omit<Beginning, "importId">,
): Promise<Beginning> {
  await assertApart(source, target);
  if (begun === null) return target.begin(situation, FIRST);
  assertContinues(begun, situation);
  const { phase } = await target.findPlace();
  if (!LATE_PHASES.includes(phase)) await target.assertAlone();
  return begun;
}

/**
 * For a dry run, which needs no target: one that cannot be opened is not what has just been opened as the source.
 * Errors: `operation_failed` when both are the same database.
 */
export async function assertNotSource(source: MysqlSource, target: ImportTarget): Promise<void> {
  try {
    await assertApart(source, target);
  } catch (error) {
    if (!isImError(error, "unavailable")) throw error;
  }
}

/** Errors: `invalid_argument`. */
export function assertMaxContentBytes(value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= MOST_CONTENT_BYTES)) return;
  const message = `maxContentBytes must be an integer from 1 to ${MOST_CONTENT_BYTES}, got ${describe(value)}`;
  throw new ImError("invalid_argument", { message });
}

/** The original's database is never written to. Errors: `operation_failed`. */
async function assertApart(source: MysqlSource, target: ImportTarget): Promise<void> {
  const [row] = await source.read<{ place: string }>(WHEREABOUTS);
  if (row?.place !== (await target.whereabouts())) return;
  const message = `${source.place} is source and target at once: make a database for the chat, and name that as the target`;
  throw new ImError("operation_failed", { message });
}

/** Errors: `operation_failed` that says what differs. */
function assertContinues(begun: Beginning, now: Omit<Beginning, "importId">): void {
  const shrunk = PARTS.find((part) => now.lastIds[part] < begun.lastIds[part]);
  const differs =
    (begun.database !== now.database && `from the database ${begun.database}, this one is ${now.database}`) ||
    (shrunk !== undefined &&
      `with ${shrunk} up to the id ${begun.lastIds[shrunk]}, the source now has them up to ${now.lastIds[shrunk]}`) ||
    (begun.maxContentBytes !== now.maxContentBytes &&
      `with content up to ${begun.maxContentBytes} bytes, now it is ${now.maxContentBytes}`) ||
    (begun.timeZone !== now.timeZone &&
      `in the time zone ${begun.timeZone}, now it is ${now.timeZone} (the variable TZ sets it)`);
  if (differs === false) return;
  const message = `the target is in the middle of an import that was begun ${differs}: go on with what it was begun with, or import into a new target (nothing was changed)`;
  throw new ImError("operation_failed", { message });
}
