import { findProgram } from "../../../scripts/services/find-program.js";
import { mariadbOn } from "../../../scripts/services/kinds/mariadb.js";
import { postgresOn } from "../../../scripts/services/kinds/postgres.js";
import { PrivateService } from "../../../scripts/services/private-service.js";

/** The database servers a test may have for itself. */
export type DatabaseName = "mariadb" | "postgres";

const MAKERS = { mariadb: mariadbOn, postgres: postgresOn } as const;

/** Why there can be none here; `null` when its programs are installed. */
export function whyNoDatabase(name: DatabaseName): string | null {
  const missing = MAKERS[name](0).recipe?.programs.filter((program) => findProgram(program) === null) ?? [];
  return missing.length === 0 ? null : `${missing.join(" and ")} not installed`;
}

/** A database server of a test's own, with new data. @param port below 32768, and no other test's: test files run side by side */
export function createDatabase(name: DatabaseName, port: number): Promise<PrivateService> {
  return PrivateService.create(MAKERS[name](port));
}
