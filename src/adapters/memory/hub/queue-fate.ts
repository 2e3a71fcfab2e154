import type { QueueRecord } from "../../contracts/message-queue.js";

/**
 * What becomes of a record that was published: it is brought, lost although its publisher was told that it is safe, brought again
 * behind what has come meanwhile, or brought late, with everything behind it.
 */
export type QueueFate = "bring" | "lose" | "repeat" | { readonly delayMs: number };

/** Decides the fate of each record, in the order of arrival. */
export type DrawQueueFate = (record: QueueRecord) => QueueFate;
