import { describe, it } from "vitest";
import { pendingSendsConformance, storageConformance } from "../../../src/testing/conformance/storage.js";
import { SqlitePlace } from "./sqlite-place.js";

const create = async () => {
  const place = await SqlitePlace.create();
  return {
    storage: place.storage(),
    another: async () => place.storage(),
    application: () => place.application(),
    dispose: () => place.remove(),
  };
};

storageConformance({ describe, it }, create);
pendingSendsConformance({ describe, it }, create);
