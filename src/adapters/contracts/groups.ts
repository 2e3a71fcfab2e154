/** Groups and who is in them. */

import type { GroupId, MessageId, UserId } from "../../core/model.js";
import type { CommitResult } from "./messages.js";

/** Rights inside a group. */
export type GroupRole = "owner" | "admin" | "member";

/** One stay of a user in a group. Somebody who left and came back has two. */
export interface Membership {
  readonly userId: UserId;
  readonly role: GroupRole;
  /** Position of the conversation when the stay began: messages above it are the member's. */
  readonly joinedSeq: number;
  /** Position when it ended (messages up to it are the member's); `null` while it lasts. */
  readonly leftSeq: number | null;
}

/** A group. */
export interface Group {
  readonly id: GroupId;
  readonly name: string;
  readonly ownerId: UserId;
}

/** A message of the system in the group's conversation, told to all who are in before or after the change. */
export interface Notice {
  /** An id that was decided before makes no second message; the change happens all the same. */
  readonly messageId: MessageId;
  readonly type: number;
  readonly content: Uint8Array;
  /** Server's clock, ms since 1970; stands for the client's as well. */
  readonly serverTime: number;
}

/** What a new group starts with. */
export interface NewGroup {
  /** The application's own id; without it the storage hands out the next free decimal. */
  readonly id?: GroupId;
  /** Any text; see `Storage`. */
  readonly name: string;
  readonly ownerId: UserId;
  /** Besides the owner; repeats count once. */
  readonly memberIds: readonly UserId[];
  /** The first message of the conversation. Default: none. */
  readonly notice?: Notice;
  /** In how many groups each of them may be, this one included. Default: any number. */
  readonly maxGroupsPerUser?: number;
}

/** What a change is decided on: the group as it is while its conversation is locked. */
export interface GroupState {
  readonly group: Group;
  /** Who is in now. */
  readonly members: ReadonlyMap<UserId, GroupRole>;
  /** In how many groups each of the newcomers named in the call is now, this one included (absent: 0). */
  readonly groupCounts: ReadonlyMap<UserId, number>;
}

/** What to change; what is not named stays. */
export interface GroupChange {
  /** Any text; see `Storage`. */
  readonly name?: string;
  /** The group's owner, and nothing else: who has which role is said by `roles`. */
  readonly ownerId?: UserId;
  /** As `member` unless `roles` says otherwise; who is in stays as they are, who is named in `remove` does not come. */
  readonly add?: readonly UserId[];
  /** Ends their stays; who is not in is passed over. */
  readonly remove?: readonly UserId[];
  /** Of those who are in after the change; others are passed over. */
  readonly roles?: ReadonlyMap<UserId, GroupRole>;
  readonly notice: Notice | null;
}

/** A change that was committed. */
export interface GroupCommit {
  /** As it is after the change. */
  readonly group: Group;
  /** What to tell the recipients of the notice: one outcome, `stored` with `fresh`. `null` when no message was stored. */
  readonly committed: CommitResult | null;
}

/** Decides a change: pure and synchronous, since it may run more than once. `null`: nothing changes. */
export type DecideGroupChange = (state: GroupState) => GroupChange | null;

/** A group with the role of somebody who is in. */
export interface OwnGroup extends Group {
  readonly role: GroupRole;
}

/**
 * Groups and who is in them. A change takes the group's conversation row first, as commits do: when a removal has resolved,
 * nothing committed later reaches the removed user. A notice takes the next position, p + 1: newcomers have it as their
 * first message (`joinedSeq` p), the removed as their last (`leftSeq` p + 1; without a notice p).
 */
export interface GroupStore {
  /**
   * Creates a group.
   * Errors: `add_failed` when the id is taken; `too_large` when somebody is in `maxGroupsPerUser` groups already;
   * `invalid_argument` for a name that cannot be stored. Nothing was created then.
   */
  create(group: NewGroup): Promise<GroupCommit>;
  /** The group, or `null`. */
  find(groupId: GroupId): Promise<Group | null>;
  /**
   * Runs `decide` on the state and does what it says in the same transaction, so that two changes never decide on the same
   * state. `null` when it said so.
   * @param newcomers whose groups are to be counted for `decide`
   * Errors: `not_found` for an unknown group; `invalid_argument` for a name that cannot be stored; what `decide` throws. Nothing
   * was changed then. `unavailable` or `busy`: the outcome is unknown.
   */
  change(groupId: GroupId, newcomers: readonly UserId[], decide: DecideGroupChange): Promise<GroupCommit | null>;
  /** Every stay, ended ones included, in the order of user id and begin. Errors: `not_found` for an unknown group. */
  memberships(groupId: GroupId): Promise<readonly Membership[]>;
  /** The groups a user is in now with their role there, ascending by the bytes of their ids. */
  groupsOf(userId: UserId): Promise<readonly OwnGroup[]>;
}
