import type { StorageBench } from "./storage-bench.js";

/**
 * Registers one case: a sentence about behaviour and what proves it, on a storage of its own.
 * @param begin whether the storage was started before (default) or is as `create` gave it
 */
export type AddCase = (name: string, body: (bench: StorageBench) => Promise<void>, begin?: "started" | "new") => void;

/** The cases of one topic. */
export type StorageCases = (add: AddCase) => void;
