import { describe, onTestFinished } from "vitest";
import type { PrivateService } from "../../../../scripts/services/private-service.js";
import { createDatabase, whyNoDatabase } from "../private-database.js";
import { DATABASES, type ServerClient } from "./databases.js";

/** Ports of one ordeal: MariaDB's and PostgreSQL's. */
export type Ports = readonly [mariadb: number, postgres: number];

/** What an ordeal gets. */
export interface Victim {
  readonly service: "mariadb" | "postgres";
  readonly client: ServerClient;
  /** Makes the server; it is gone when the test has finished. */
  readonly open: () => Promise<PrivateService>;
}

/** Describes what a database server of one's own goes through, on each database; skipped, with the reason, where it is not installed. */
export function describeOnPrivate(what: string, ports: Ports, cases: (victim: Victim) => void): void {
  for (const [index, [service, client]] of DATABASES.entries()) {
    const whyNot = whyNoDatabase(service);
    const open = async (): Promise<PrivateService> => {
      const database = await createDatabase(service, ports[index] as number);
      onTestFinished(() => database.end());
      return database;
    };
    const reason = whyNot === null ? "" : ` (${whyNot})`;
    describe.skipIf(whyNot !== null)(`${what} ${service}${reason}`, () => cases({ service, client, open }));
  }
}
