import type { Transport } from "../adapters/contracts/index.js";
import { CLOSE } from "../core/close-codes.js";
import type { Runtime } from "../core/runtime.js";
import type { Cluster } from "./cluster/create-cluster.js";
import type { Entrance } from "./connections/entrance.js";
import type { ConnectionTable } from "./connections/table.js";
import type { Committer } from "./delivery/committer.js";
import type { PendingSender } from "./delivery/pending-sender.js";
import type { UplinkQueue } from "./delivery/uplink-queue.js";

/** Clients that were sent away come back spread over this long, ms. */
const SPREAD_MS = 2_000;
const LOOK_EVERY_MS = 10;

/** What a drain touches. */
export interface DrainServices {
  readonly transport: Transport;
  readonly table: ConnectionTable;
  readonly entrance: Entrance;
  readonly committer: Committer;
  readonly uplinkQueue: UplinkQueue | null;
  readonly cluster: Cluster | null;
  readonly pendingSender: PendingSender;
  readonly runtime: Runtime;
}

/**
 * Leaves in good order: nobody new, everybody told, what was received is answered, then closed. Gives up waiting when
 * `isOver()`; what is unanswered then is unknown to its sender, who repeats it elsewhere.
 */
export async function drain(services: DrainServices, isOver: () => boolean): Promise<void> {
  const { transport, table, entrance, pendingSender, runtime } = services;
  transport.stopAccepting({ status: 503, retryAfterMs: SPREAD_MS });
  for (const connection of [...table.all]) connection.drain(Math.floor(runtime.random() * SPREAD_MS));
  pendingSender.stop();
  await waitFor(runtime, () => isOver() || isIdle(services));
  for (const connection of [...table.all]) connection.end(CLOSE.restart, "the server restarts");
  await waitFor(runtime, () => isOver() || entrance.isEmpty);
}

/** Nothing is under way: what was received is decided and answered, and others know of it. */
function isIdle({ committer, uplinkQueue, cluster, pendingSender, table }: DrainServices): boolean {
  const hasDecided = committer.isIdle && pendingSender.isIdle && (uplinkQueue?.isIdle ?? true);
  return hasDecided && (cluster?.gate.isIdle ?? true) && [...table.all].every((connection) => connection.isIdle);
}

/** Waits until `done()`; looks a hundred times a second. */
export async function waitFor(runtime: Runtime, done: () => boolean): Promise<void> {
  while (!done()) await new Promise<void>((resolve) => runtime.setTimer(LOOK_EVERY_MS, resolve));
}
