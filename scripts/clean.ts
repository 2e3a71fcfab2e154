import { rmSync } from "node:fs";

/** Empties dist before a build, so that no file of an earlier one is packed. */
rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
