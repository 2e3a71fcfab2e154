import { createHash } from "node:crypto";
import { ImError } from "../../../core/errors.js";
import { type ImportPart, PARTS } from "./import-plan.js";
import type { SourceRow } from "./source-rows.js";
import type { Workbench } from "./workbench.js";

/** How much of a table is staged, and what it was. */
export interface StagedPart {
  /** The highest `id`. */
  readonly upTo: number;
  /** {@link digestAfter} of all rows up to there. */
  readonly digest: string;
}

/** Of a table before its first row. An `id` may be 0. */
export const NOTHING_STAGED: StagedPart = { upTo: -1, digest: "" };

/** Digest of all rows so far: SHA-256 over the digest of those before and the row, so that it can be taken up at any row. */
export function digestAfter(before: string, rows: readonly SourceRow[]): string {
  return rows.reduce((digest, row) => sha256(`${digest} ${JSON.stringify(Object.values(row))}`), before);
}

/** The note of the workbench that goes with the rows themselves. */
export function noteOf(part: ImportPart, { upTo, digest }: StagedPart): readonly [name: string, value: string] {
  return [`source_${part}`, `${upTo} ${digest}`];
}

/** What {@link noteOf} has left. */
export async function readStaged(workbench: Workbench, part: ImportPart): Promise<StagedPart> {
  const note = await workbench.noted(`source_${part}`);
  if (note === undefined) return NOTHING_STAGED;
  const [upTo, digest = ""] = note.split(" ");
  return { upTo: Number(upTo), digest };
}

/** Equal for two workbenches that were filled with the same rows, the digests of their content among them. */
export async function digestOf(workbench: Workbench): Promise<string> {
  const digests: string[] = [];
  for (const part of PARTS) digests.push((await readStaged(workbench, part)).digest);
  return sha256(digests.join(" "));
}

/** The `operation_failed` for a source that is another one below the ids with which its import began. */
export function sourceHasChanged(): ImError {
  const message =
    "the source is not what it was when this import began: rows up to the ids of that time have changed, are new or are gone. " +
    "Put back what was there, or import into a new target (nothing was changed)";
  return new ImError("operation_failed", { message });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
