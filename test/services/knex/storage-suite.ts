import { describe, inject, it } from "vitest";
import type { ServiceName } from "../../../scripts/services/service.js";
import type { ServerStorageOptions } from "../../../src/adapters/knex/index.js";
import { pendingSendsConformance, storageConformance } from "../../../src/testing/conformance/storage.js";
import { serverFixture } from "./server-place.js";

/** The whole suite of storages, with transactional sends, on a server; skipped where it does not run. */
export function storageSuite(service: ServiceName, client: ServerStorageOptions["client"]): void {
  const url = inject("services")[service];
  describe.skipIf(url === undefined)(`on ${service}`, () => {
    const fixture = serverFixture(client, url ?? "");
    storageConformance({ describe, it }, fixture);
    pendingSendsConformance({ describe, it }, fixture);
  });
}
