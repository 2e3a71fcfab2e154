import { describe, it } from "vitest";
import { pendingSendsConformance, storageConformance } from "../../../src/testing/conformance/storage.js";
import { isInstalled } from "./is-installed.js";
import { sqliteFixture } from "./sqlite-fixture.js";

/** An opt-in of applications: it compiles for a minute where no binary can be fetched, so it is no dependency of ours. */
const NAME = "better-sqlite3";

if (isInstalled(NAME)) {
  storageConformance({ describe, it }, sqliteFixture(NAME));
  pendingSendsConformance({ describe, it }, sqliteFixture(NAME));
} else {
  it(`keeps the contract on ${NAME}`, ({ skip }) => skip(`${NAME} is not installed: npm install --no-save ${NAME}`));
}
