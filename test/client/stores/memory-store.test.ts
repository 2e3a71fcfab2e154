import { describe, it } from "vitest";
import { memoryStore } from "../../../src/client/stores/memory-store.js";
import { clientStoreConformance } from "../../../src/testing/conformance/client-store.js";

clientStoreConformance({ describe, it }, async () => {
  const store = memoryStore();
  return { store, reopen: async () => store, dispose: async () => {} };
});
