import { describe, inject, it } from "vitest";
import { presenceConformance } from "../../../src/testing/conformance/presence.js";
import type { ConformanceRunner } from "../../../src/testing/conformance/runner.js";
import { briefRedisFixture, redisFixture } from "./redis-fixture.js";

const url = inject("services").redis;

describe.skipIf(url === undefined)("redisPresence", () => {
  presenceConformance({ describe, it }, () => redisFixture(url ?? ""), ["cut", "flush"]);
});

/** The cases of expiry alone: the others would have to hurry. */
const expiryAlone: ConformanceRunner = {
  describe: (_name, body) => body(),
  it: (name, body) => name.includes("that nobody renews is forgotten") && it(name, body),
};

describe.skipIf(url === undefined)("redisPresence whose routes live a moment", () => {
  presenceConformance(expiryAlone, () => briefRedisFixture(url ?? ""), ["expiry"]);
});
