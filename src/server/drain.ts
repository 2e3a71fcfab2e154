import type { Transport } from "../adapters/contracts/index.js";
import { CLOSE } from "../core/close-codes.js";
import type { Runtime } from "../core/runtime.js";
import type { Cluster } from "./cluster/create-cluster.js";
import type { Connection } from "./connections/connection.js";
import type { Entrance } from "./connections/entrance.js";
import type { ConnectionTable } from "./connections/table.js";
import type { Committer } from "./delivery/committer.js";
import type { PendingSender } from "./delivery/pending-sender.js";
import type { UplinkQueue } from "./delivery/uplink-queue.js";

/** Newcomers are told to try again after so long, ms. */
const RETRY_AFTER_MS = 2_000;
/** Clients that were sent away come back spread over so much for each, ms: a thousand a second is what the nodes that stay can sign in. */
const SPREAD_PER_CLIENT_MS = 1;
/** … and over this at least and at most: nobody is away for long, however many they are. */
const SPREAD_MS = { least: 250, most: 2_000 };
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
  /** Takes this node out of what connects it with others; begun when everybody here has been told. Never rejects. `null`: it is alone. */
  readonly leaveOthers: (() => Promise<void>) | null;
}

/**
 * Leaves in good order: nobody new, everybody told, what was received is answered, then closed. Gives up waiting when
 * `isOver()`; what is unanswered then is unknown to its sender, who repeats it elsewhere.
 */
export async function drain(services: DrainServices, isOver: () => boolean): Promise<void> {
  const { transport, table, entrance, pendingSender, runtime, leaveOthers } = services;
  transport.stopAccepting({ status: 503, retryAfterMs: RETRY_AFTER_MS });
  const all = [...table.all];
  const spreadMs = Math.min(SPREAD_MS.most, Math.max(SPREAD_MS.least, all.length * SPREAD_PER_CLIENT_MS));
  for (const connection of all) connection.drain(Math.floor(runtime.random() * spreadMs));
  pendingSender.stop();
  let hasLeft = leaveOthers === null;
  void leaveOthers?.().then(() => {
    hasLeft = true;
  });
  await waitFor(runtime, () => {
    // Who has all answers is let go at once: they can send elsewhere while others still wait here.
    endAll(table, (connection) => connection.isIdle);
    return isOver() || (hasLeft && isIdle(services));
  });
  endAll(table, () => true);
  await waitFor(runtime, () => isOver() || entrance.isEmpty);
}

function endAll(table: ConnectionTable, isMeant: (connection: Connection) => boolean): void {
  for (const connection of [...table.all])
    if (isMeant(connection)) connection.end(CLOSE.restart, "the server restarts");
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
