import type { Knex } from "knex";
import { ImError } from "../../../core/errors.js";
import { type ImportPart, PARTS } from "./import-plan.js";
import { sourceHasChanged } from "./source-digest.js";
import type { Extent } from "./stage-rows.js";

/** What an import was begun with. Every later run of it goes by this, not by what the source has become. */
export interface Beginning extends Extent {
  /** Names the import, among all there ever were. */
  readonly importId: string;
  /** Name of the source's database. */
  readonly database: string;
  readonly timeZone: string;
}

/** How far an import is: so many rows of one phase are in the target; `complete` when nothing is left. */
export interface Place {
  readonly phase: string;
  readonly done: number;
}

/** Rows of `shyim_meta`. Its values are short, hence several. */
type Name = "import_id" | "import_source" | "import_extent" | "import_zone" | "import_place" | "import_digest";

/** The place of an import in which nothing is left to do. */
export const COMPLETE: Place = { phase: "complete", done: 0 };

/** What the target's import was begun with; `null` where there was none. */
export async function readBeginning(db: Knex): Promise<Beginning | null> {
  const importId = await readNote(db, "import_id");
  if (importId === undefined) return null;
  const [maxContentBytes = 0, ...lastIds] = ((await readNote(db, "import_extent")) ?? "").split(" ").map(Number);
  return {
    importId,
    database: (await readNote(db, "import_source")) ?? "",
    timeZone: (await readNote(db, "import_zone")) ?? "",
    maxContentBytes,
    lastIds: Object.fromEntries(PARTS.map((part, index) => [part, lastIds[index] ?? 0])) as Record<ImportPart, number>,
  };
}

/** Notes the beginning, in the transaction that has found the target empty. */
export async function writeBeginning(trx: Knex, beginning: Beginning, first: Place): Promise<void> {
  const { importId, database, timeZone, maxContentBytes, lastIds } = beginning;
  await writeNote(trx, "import_id", importId);
  await writeNote(trx, "import_source", database);
  await writeNote(trx, "import_zone", timeZone);
  await writeNote(trx, "import_extent", [maxContentBytes, ...PARTS.map((part) => lastIds[part])].join(" "));
  await writeNote(trx, "import_place", textOf(first));
}

/** How far the import is. */
export async function readPlace(db: Knex): Promise<Place> {
  const [phase = "", done] = ((await readNote(db, "import_place")) ?? "").split(" ");
  return { phase, done: Number(done) };
}

/**
 * Moves on from `from` to `to`, in the transaction that writes what lies between.
 * Errors: `operation_failed` when the import is not at `from` any more: another process does the same.
 */
export async function movePlace(trx: Knex, from: Place, to: Place): Promise<void> {
  const row: { value: string } | undefined = await trx("shyim_meta")
    .select("value")
    .where({ name: "import_place" })
    .first()
    .forUpdate();
  if (row?.value !== textOf(from)) {
    const message = `another process imports into the same target: it is at "${row?.value}", this one at "${textOf(from)}". Let one of them finish`;
    throw new ImError("operation_failed", { message });
  }
  await writeNote(trx, "import_place", textOf(to));
}

/**
 * Notes what is going to be written, or finds it noted.
 * Errors: `operation_failed` when the rows of the source have become others since.
 */
export async function assertSameDigest(trx: Knex, digest: string): Promise<void> {
  const before = await readNote(trx, "import_digest");
  if (before === undefined) return writeNote(trx, "import_digest", digest);
  if (before === digest) return;
  throw sourceHasChanged();
}

function textOf({ phase, done }: Place): string {
  return `${phase} ${done}`;
}

async function readNote(db: Knex, name: Name): Promise<string | undefined> {
  const row: { value: string } | undefined = await db("shyim_meta").select("value").where({ name }).first();
  return row?.value;
}

async function writeNote(trx: Knex, name: Name, value: string): Promise<void> {
  await trx("shyim_meta").insert({ name, value }).onConflict("name").merge();
}
