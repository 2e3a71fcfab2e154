import type { Dialect } from "../dialect.js";

/** How much at once a database server takes, whichever it is. */
export const serverLimits: Pick<Dialect, "maxRows" | "commitLimits" | "maxInboxRows" | "isShared"> = {
  maxRows: 1_000,
  // Measured: transactions side by side meet in the heads of the same users, and four of one process do less than one that
  // takes larger batches meanwhile.
  commitLimits: { maxUplinks: 256, maxBytes: 4 * 1024 * 1024, parallel: 1 },
  maxInboxRows: 20_000,
  isShared: true,
};
