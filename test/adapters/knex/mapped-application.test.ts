import createKnex, { type Knex } from "knex";
import { describe, it } from "vitest";
import { sqliteClient } from "../../../src/adapters/knex/index.js";
import { pendingSendsConformance } from "../../../src/testing/conformance/storage.js";
import { KnexApplication } from "./knex-application.js";
import { SqlitePlace } from "./sqlite-place.js";

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function mapped(row: unknown): unknown {
  if (Array.isArray(row)) return row.map(mapped);
  const isRow = typeof row === "object" && row !== null && !(row instanceof Uint8Array);
  return isRow ? Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value])) : row;
}

/** A knex as many applications have it: their columns are snake_case in the database and camelCase in their code. */
function mappingKnex(filename: string): Knex {
  return createKnex({
    client: sqliteClient,
    connection: { filename },
    useNullAsDefault: true,
    postProcessResponse: mapped,
    wrapIdentifier: (name, quoted) => quoted(snake(name)),
  });
}

describe("an application whose knex renames columns", () => {
  pendingSendsConformance({ describe, it }, async () => {
    const place = await SqlitePlace.create();
    const applications: KnexApplication[] = [];
    return {
      storage: place.storage(),
      another: async () => place.storage(),
      application: async () => {
        const application = await KnexApplication.open(mappingKnex(place.filename));
        applications.push(application);
        return application;
      },
      dispose: async () => {
        for (const application of applications) await application.close();
        await place.remove();
      },
    };
  });
});
