import { describe, inject, it } from "vitest";
import { discoveryConformance } from "../../../src/testing/conformance/discovery.js";
import { etcdFixture } from "./etcd-fixture.js";

const url = inject("services").etcd;

describe.skipIf(url === undefined)("etcdDiscovery", () => {
  discoveryConformance({ describe, it }, () => etcdFixture(url ?? ""), ["cut", "expire", "flush"]);
});
