/** Groups and who is in them. */

import type { GroupId, UserId } from "../../core/model.js";

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

/** What a new group starts with. */
export interface NewGroup {
  /** The application's own id; without it the storage hands out the next free decimal. */
  readonly id?: GroupId;
  /** Any text; see `Storage`. */
  readonly name: string;
  readonly ownerId: UserId;
  /** Besides the owner; repeats count once. */
  readonly memberIds: readonly UserId[];
}

/**
 * Groups and who is in them. A change of membership takes the group's conversation row first, as commits do:
 * when a removal has resolved, nothing committed later reaches the removed user.
 */
export interface GroupStore {
  /** Creates a group. Errors: `add_failed` when the id is taken; `invalid_argument` for a name that cannot be stored. */
  create(group: NewGroup): Promise<Group>;
  /** The group, or `null`. */
  find(groupId: GroupId): Promise<Group | null>;
  /**
   * Adds users as `member`; who is in already stays as they are. Returns how many came.
   * Errors: `not_found` for an unknown group; `too_large` when the group would exceed `maxMembers`, and then no one is added.
   */
  add(groupId: GroupId, userIds: readonly UserId[], maxMembers: number): Promise<number>;
  /** Ends the stay of a user. False when there was none. Errors: `not_found` for an unknown group. */
  remove(groupId: GroupId, userId: UserId): Promise<boolean>;
  /** Every stay, ended ones included, in the order of user id and begin. Errors: `not_found` for an unknown group. */
  memberships(groupId: GroupId): Promise<readonly Membership[]>;
}
