import type { DevicePolicy } from "../../adapters/contracts/index.js";
import type { GroupId, Target, UserId } from "../../core/model.js";
import type { Limits } from "../../server/limits.js";

/**
 * What the application hands to its client: a token that never ends, a new one that does whenever it is asked, or one it
 * keeps until shortly before its end.
 */
export type TokenHabit = "forever" | "fresh" | "cached";

/** One device of the cast. */
export interface DevicePlan {
  readonly id: string;
  readonly userId: UserId;
  readonly isLegacy: boolean;
  readonly tokens: TokenHabit;
  /** The longest its store takes, ms. */
  readonly storeLatencyMs: number;
}

/** Who takes part. */
export interface Cast {
  readonly userIds: readonly UserId[];
  readonly devices: readonly DevicePlan[];
  readonly groups: readonly { readonly id: GroupId; readonly memberIds: readonly UserId[] }[];
}

/** What people and the application do. */
export type PeopleStep =
  | { readonly kind: "send"; readonly device: string; readonly target: Target; readonly words: string }
  | {
      readonly kind: "server_send";
      readonly target: Target;
      readonly from: UserId | null;
      readonly words: string;
      /** Calls with one key at once; 0: one call without a key. */
      readonly times: number;
    }
  | { readonly kind: "add" | "remove"; readonly groupId: GroupId; readonly userId: UserId };

/** What goes wrong. */
export type FaultStep =
  | { readonly kind: "kill" | "start"; readonly device: string }
  | { readonly kind: "clock"; readonly device: string | null; readonly ms: number }
  | {
      readonly kind: "cut";
      readonly device: string;
      readonly clientNoticesMs: number | null;
      readonly serverNoticesMs: number | null;
    }
  | { readonly kind: "stall" | "go_on"; readonly device: string }
  | { readonly kind: "line"; readonly device: string; readonly quality: "good" | "narrow" | "lossy" }
  | { readonly kind: "network"; readonly connectFailure: number; readonly connectSilence: number }
  | { readonly kind: "storage"; readonly state: "fair" | "away" | "flaky" }
  | { readonly kind: "auth"; readonly mood: "fair" | "busy" | "slow" }
  | { readonly kind: "crash" | "drain" | "serve" | "copy" | "restore" };

/** Something that is done at a moment. */
export type Step = PeopleStep | FaultStep;

/** A step and its moment, virtual ms since the beginning. */
export interface Moment {
  readonly at: number;
  readonly step: Step;
}

/** Everything that one seed decides before the schedule begins. */
export interface Plan {
  readonly cast: Cast;
  readonly limits: Partial<Limits>;
  /** Other than `multi` only where each user has one device, and no legacy one: nobody is ever rightly kept out. */
  readonly policy: DevicePolicy;
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** The longest that a question takes to reach the storage, and its answer to come back, ms. */
  readonly storageLatencyMs: number;
  readonly hints: { readonly lost: number; readonly lying: number; readonly repeated: number };
  /** In order. */
  readonly moments: readonly Moment[];
  /** When the faults end, ms. */
  readonly healAt: number;
}
