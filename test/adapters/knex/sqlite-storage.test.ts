import { describe, it } from "vitest";
import { storageConformance } from "../../../src/testing/conformance/storage.js";
import { SqlitePlace } from "./sqlite-place.js";

storageConformance({ describe, it }, async () => {
  const place = await SqlitePlace.create();
  return {
    storage: place.storage(),
    another: async () => place.storage(),
    dispose: () => place.remove(),
  };
});
