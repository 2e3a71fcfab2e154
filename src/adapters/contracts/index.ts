/** The outlets: what the server needs from the world, phrased without any product's vocabulary. */
export type * from "./accounts.js";
export type * from "./discovery.js";
export type * from "./groups.js";
export type { Lifecycle } from "./lifecycle.js";
export type * from "./message-queue.js";
export type * from "./messages.js";
export type * from "./node-rpc.js";
export type * from "./nodes.js";
export type * from "./pending-sends.js";
export type * from "./presence.js";
export type * from "./storage.js";
export type * from "./transport.js";
