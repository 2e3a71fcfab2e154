import { describe, it } from "vitest";
import { transportConformance } from "../../src/testing/conformance/transport.js";
import { wsFixture } from "./ws-fixture.js";

transportConformance({ describe, it }, wsFixture);
