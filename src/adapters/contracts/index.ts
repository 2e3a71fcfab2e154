/** The outlets: what the server needs from the world, phrased without any product's vocabulary. */
export type { Lifecycle } from "./lifecycle.js";
export type * from "./storage.js";
export type * from "./transport.js";
