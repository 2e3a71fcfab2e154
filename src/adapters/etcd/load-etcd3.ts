import { ImError } from "../../core/errors.js";

/** The package, as far as it is used. */
export type Etcd3Library = Pick<typeof import("etcd3"), "Etcd3">;

/**
 * Loads the package when it is needed, so that whoever imports the adapter need not have it.
 * Errors: `operation_failed` when it cannot be loaded.
 */
export async function loadEtcd3(load: () => Promise<Etcd3Library> = () => import("etcd3")): Promise<Etcd3Library> {
  try {
    return await load();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `etcdDiscovery needs the package etcd3, which cannot be loaded: npm install etcd3 (${reason})`;
    throw new ImError("operation_failed", { message, cause });
  }
}
