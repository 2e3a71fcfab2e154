import { describe, it } from "vitest";
import { pendingSendsConformance, storageConformance } from "../../../src/testing/conformance/storage.js";
import { sqliteFixture } from "./sqlite-fixture.js";

storageConformance({ describe, it }, sqliteFixture("sqlite"));
pendingSendsConformance({ describe, it }, sqliteFixture("sqlite"));
