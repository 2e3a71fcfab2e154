import { stat } from "node:fs/promises";
import { ImError } from "../core/errors.js";

/**
 * For a database that has to be there: opening a missing one would make an empty one.
 * @param advice what to do when it is not
 * Errors: `not_found`.
 */
export async function assertExists(file: string, advice: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  throw new ImError("not_found", { message: `${file} is not there: ${advice} (nothing was created)` });
}
