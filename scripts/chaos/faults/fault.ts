import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import type { Site } from "../site/site.js";

/** What a fault harms. Two that harm the same never go on together; `everything` goes alone. */
export type Harmed = "nodes" | "mariadb" | "redis" | "etcd" | "kafka" | "network" | "clients" | "everything";

/** A fault that goes on. */
export interface RunningFault {
  /** What is wrong, for people. */
  readonly text: string;
  /** Whether meanwhile somebody who is signed in cannot be served, although their connection is sound and their node runs. */
  readonly isTrouble: boolean;
  /** Makes it good again; resolves when it is. May be called again, and when the site has been healed already. */
  end(): Promise<void>;
}

/** Something that can go wrong. */
export interface Fault {
  /** Its name in reports. */
  readonly kind: string;
  readonly harms: Harmed;
  /** How long it lasts, ms: least and most. */
  readonly lastsMs: readonly [number, number];
  /** False where {@link RunningFault.isTrouble} never is true. */
  readonly mayBeTrouble: boolean;
  /** Resolves when it has begun. Rejects when it could not be made. */
  begin(site: Site, random: SeededRandom): Promise<RunningFault>;
}

/** A fault of a plan. */
export interface PlannedFault {
  /** When it begins, ms after the plan's begin. */
  readonly at: number;
  readonly lastsMs: number;
  readonly fault: Fault;
}
