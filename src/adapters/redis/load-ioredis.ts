import { ImError } from "../../core/errors.js";

/** The package, as far as it is used. */
export type IoRedis = Pick<typeof import("ioredis"), "Redis" | "Cluster">;

/**
 * Loads the package when it is needed, so that whoever imports the adapter need not have it.
 * Errors: `operation_failed` when it cannot be loaded.
 */
export async function loadIoRedis(load: () => Promise<IoRedis> = () => import("ioredis")): Promise<IoRedis> {
  try {
    return await load();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `redisPresence needs the package ioredis, which cannot be loaded: npm install ioredis (${reason})`;
    throw new ImError("operation_failed", { message, cause });
  }
}
