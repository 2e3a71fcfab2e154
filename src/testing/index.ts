/** `shyim/testing`: what proves an adapter or an application. Everything public is listed here by hand. */

export {
  type ClientStoreUnderTest,
  clientStoreConformance,
} from "./conformance/client-store.js";
export type { ConformanceRunner } from "./conformance/runner.js";
export {
  type ApplicationUnderTest,
  pendingSendsConformance,
  type StorageEffort,
  type StorageFactory,
  type StorageUnderTest,
  storageConformance,
} from "./conformance/storage.js";
export {
  type TestClient,
  type TransportFactory,
  type TransportFixture,
  transportConformance,
} from "./conformance/transport.js";
export { SeededRandom } from "./fakes/random.js";
export { VirtualServerRuntime } from "./fakes/virtual-server-runtime.js";
export { VirtualRuntime, VirtualTime } from "./fakes/virtual-time.js";
export {
  type CampaignOptions,
  type CampaignResult,
  checkHistory,
  type HistoryEvent,
  hashHistory,
  runCampaign,
  type SimulateOptions,
  type SimulateResult,
  simulate,
  type Violation,
} from "./simulation/index.js";
