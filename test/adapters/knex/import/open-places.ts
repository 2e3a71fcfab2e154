import { inject, onTestFinished } from "vitest";
import { ServerPlace } from "../../../services/knex/server-place.js";
import { ImportPlace } from "./import-place.js";
import { OriginalDatabase } from "./original-database.js";
import { fillVillage } from "./villages.js";

/** Where an original's database can be made; "" where there is no such server. */
export const mariadb = inject("services").mariadb ?? "";
const postgres = inject("services").postgres ?? "";

/** Where an import may go. */
export const TARGETS = [
  { name: "a SQLite file", isThere: true, open: () => ImportPlace.file() },
  { name: "MariaDB", isThere: mariadb !== "", open: () => ImportPlace.server("mysql2", mariadb) },
  { name: "PostgreSQL", isThere: postgres !== "", open: () => ImportPlace.server("pg", postgres) },
].filter(({ isThere }) => isThere);

/** A database of the original's, taken away after the test. */
export async function openOriginal(
  fill: (original: OriginalDatabase) => Promise<unknown> = fillVillage,
): Promise<OriginalDatabase> {
  const place = await ServerPlace.create("mysql2", mariadb);
  const original = await OriginalDatabase.create(place.url);
  onTestFinished(async () => {
    await original.close();
    await place.remove();
  });
  await fill(original);
  return original;
}

/** A place for a target, taken away after the test. */
export async function openTarget(open: () => Promise<ImportPlace> = () => ImportPlace.file()): Promise<ImportPlace> {
  const target = await open();
  onTestFinished(() => target.remove());
  return target;
}
