/** Proofs for adapters: one suite per contract, for any test runner. */
export type { ConformanceRunner } from "./runner.js";
export { type StorageEffort, type StorageFactory, type StorageUnderTest, storageConformance } from "./storage.js";
export { type TestClient, type TransportFactory, type TransportFixture, transportConformance } from "./transport.js";
