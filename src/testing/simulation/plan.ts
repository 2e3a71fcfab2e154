import type { DevicePolicy } from "../../adapters/contracts/index.js";
import type { GroupId, Target, UserId } from "../../core/model.js";
import type { Limits } from "../../server/limits.js";
import type { NodeNumber } from "./history.js";

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
  /** What it says it is; `""` for nothing. */
  readonly deviceKind: string;
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
  | { readonly kind: "add" | "remove"; readonly groupId: GroupId; readonly userId: UserId }
  /** All sessions of a user are ended. */
  | { readonly kind: "disconnect"; readonly userId: UserId };

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
  | { readonly kind: "crash" | "drain" | "serve"; readonly node: NodeNumber | "all" }
  | { readonly kind: "copy" | "restore" }
  | ClusterFault;

/** What goes wrong between nodes. */
export type ClusterFault =
  /** `whenBusy`: in the middle of its next commit. */
  | { readonly kind: "freeze"; readonly node: NodeNumber; readonly whenBusy: boolean }
  | { readonly kind: "thaw" | "expire"; readonly node: NodeNumber }
  /** One node after the other is closed, and another process starts in its place. */
  | { readonly kind: "roll" }
  | {
      readonly kind: "helpers";
      readonly node: NodeNumber | "all";
      readonly part: HelperPart | "all";
      readonly state: HelperState;
    }
  | { readonly kind: "part" | "rejoin"; readonly nodes: readonly [NodeNumber, NodeNumber] }
  | { readonly kind: "forget_routes" | "forget_nodes" | "forget_records" | "misroute" | "rebalance" }
  /** So many records that are no uplinks come into the queue. */
  | { readonly kind: "litter"; readonly records: number }
  | { readonly kind: "queue"; readonly state: "fair" | "harmful" };

/** What connects a node with the others. */
export const HELPER_PARTS = ["discovery", "presence", "rpc", "queue"] as const;

/** One of {@link HELPER_PARTS}. */
export type HelperPart = (typeof HELPER_PARTS)[number];

/** `away`: nothing gets through; `mute`: what is asked for happens, and nobody hears so; `slow`: it takes longer than anybody waits. */
export type HelperState = "fair" | "away" | "mute" | "slow";

/** Several nodes, and what is between them. */
export interface ClusterPlan {
  readonly nodes: number;
  /** Uplinks go through a queue. */
  readonly hasQueue: boolean;
  /** The longest that anything takes between a node and what connects it with others, ms. */
  readonly latencyMs: number;
  /** What a harmful queue does, how often. */
  readonly queue: {
    readonly lost: number;
    readonly repeated: number;
    readonly delayed: number;
    readonly delayMs: number;
  };
}

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
  /** `null` for one server alone. */
  readonly cluster: ClusterPlan | null;
  /** Other than `multi` only without legacy devices, and with one server only where each user has one device. */
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
