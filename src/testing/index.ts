/** `shyim/testing`: what proves an adapter or an application. Everything public is listed here by hand. */

export {
  type ClientStoreUnderTest,
  clientStoreConformance,
} from "./conformance/client-store.js";
export type { ConformanceClock } from "./conformance/cluster/clock.js";
export type { Reachable } from "./conformance/cluster/reachable.js";
export {
  type DiscoveryFactory,
  type DiscoveryFixture,
  type DiscoveryHarm,
  discoveryConformance,
} from "./conformance/discovery.js";
export {
  type MessageQueueFactory,
  type MessageQueueFixture,
  type MessageQueueHarm,
  messageQueueConformance,
} from "./conformance/message-queue.js";
export {
  type NodeRpcFactory,
  type NodeRpcFixture,
  type NodeRpcHarm,
  nodeRpcConformance,
} from "./conformance/node-rpc.js";
export {
  type PresenceFactory,
  type PresenceFixture,
  type PresenceHarm,
  presenceConformance,
} from "./conformance/presence.js";
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
