/** The public face of users, friends and groups: what an application calls, with the rules the HTTP API keeps. */

import type { Group, GroupRole, Membership, NewGroup } from "../adapters/contracts/index.js";
import type { GroupId, UserId } from "../core/model.js";

/** Where a call came from; for throttling and audit. */
export interface CallOrigin {
  /** Address of the caller. Calls without one share one budget, where the call does not say otherwise. */
  readonly address?: string;
}

/** Somebody who has just proved who they are. */
export interface SignedIn {
  readonly userId: UserId;
  /** For the first frame of a connection, and for the HTTP API. */
  readonly token: string;
  /** When the token ends, ms since 1970. */
  readonly expiresAt: number;
}

/** What others may know of a user. */
export interface Profile {
  readonly userId: UserId;
  readonly nickname: string;
}

/** What a user may know of themselves. */
export interface OwnProfile extends Profile {
  readonly phoneNumber: string;
}

/** What somebody signs up with. */
export interface Registration {
  /** 5–20 digits, an optional `+` before them; spaces, dashes and brackets are taken out. */
  readonly phoneNumber: string;
  /** 1–50 characters that can be seen; brought into NFC, spaces at the ends cut. */
  readonly nickname: string;
  /** 8–128 characters, brought into NFKC; nothing else is asked of it. */
  readonly password: string;
}

/** What somebody signs in with. */
export interface Credentials {
  readonly phoneNumber: string;
  readonly password: string;
}

/** The built-in users. With an `auth` of the application's own every call rejects with `forbidden`. */
export interface ServerUsers {
  /** Errors: `invalid_argument` for a field; `add_failed` when the account cannot be created; `rate_limited`; `busy`. */
  register(registration: Registration, from?: CallOrigin): Promise<SignedIn>;
  /** Errors: `unauthenticated`, the same for an unknown number and a wrong password; `rate_limited`; `busy`. */
  login(credentials: Credentials, from?: CallOrigin): Promise<SignedIn>;
  /** Ends every session of a user and every token given to them so far. Returns how many sessions there were here. Errors: `not_found`. */
  logOutEverywhere(userId: UserId): Promise<number>;
  /** Errors: `not_found`. */
  me(userId: UserId): Promise<OwnProfile>;
  /** Those of `userIds` that exist, ascending by id. */
  profiles(userIds: readonly UserId[]): Promise<readonly Profile[]>;
  /** Errors: `invalid_argument`; `not_found`. */
  rename(userId: UserId, nickname: string): Promise<void>;
  /**
   * Ends all tokens given before, and at once the open sessions that began with one: with the new token they come back. A node that
   * cannot be told ends them within a minute.
   * Errors: `unauthenticated` for a wrong `password`; `invalid_argument` for the new one; `not_found`; `rate_limited`; `busy`.
   */
  changePassword(
    userId: UserId,
    passwords: { readonly password: string; readonly newPassword: string },
  ): Promise<SignedIn>;
}

/** Somebody by id, and by nickname where the users are built in. */
export interface NamedUser {
  readonly userId: UserId;
  readonly nickname?: string;
}

/** Who was added by phone number. */
export interface AddedFriend extends Profile {
  /** False when they were friends already. */
  readonly changed: boolean;
}

/** Who is friends with whom, and who wants to hear nothing of whom. */
export interface ServerFriends {
  /** False when they are friends already. Errors: `not_found` for an unknown friend; `invalid_argument` for oneself; `blocked`. */
  add(userId: UserId, friendId: UserId): Promise<boolean>;
  /**
   * Adds who signed up with this phone number; spaces, dashes and brackets do not matter, a country code does. For built-in users.
   * A user looks up 20 numbers at once and then one in 30 s, found or not; an address, if `from` names it, 60 and then one in 5 s.
   * Errors: `not_found` when nobody has the number; `invalid_argument` for one's own and for what is none; `blocked`; `too_large`;
   * `rate_limited`; `forbidden` with `accounts.findByPhoneNumber: false` and with an `auth` of your own.
   */
  addByPhoneNumber(userId: UserId, phoneNumber: string, from?: CallOrigin): Promise<AddedFriend>;
  /** False when they were not friends. */
  remove(userId: UserId, friendId: UserId): Promise<boolean>;
  /** Ascending by id; with nicknames where the users are built in. */
  list(userId: UserId): Promise<readonly NamedUser[]>;
  /** When this has resolved, no message of `blockedId` to `userId` is stored any more. False when it was so before. */
  block(userId: UserId, blockedId: UserId): Promise<boolean>;
  /** False when there was no block. */
  unblock(userId: UserId, blockedId: UserId): Promise<boolean>;
  /** Whom `userId` has blocked, ascending by id. */
  blocked(userId: UserId): Promise<readonly UserId[]>;
}

/** In whose name a group is changed. Without it the application itself speaks, and may everything. */
export interface ActingUser {
  /**
   * The rules of the roles apply to this user. To who is no member a group does not exist (`not_found`); who is one without the
   * right gets `forbidden`.
   */
  readonly by?: UserId;
}

/** A group somebody is in. */
export interface OwnGroup extends Group {
  /** The role of the one who asked. */
  readonly role: GroupRole;
}

/** Somebody in a group. */
export interface GroupMember extends Membership {
  /** Only where the users are built in. */
  readonly nickname?: string;
}

/** Groups. Every change is told to the members as an item of the group's conversation (types 100–199). */
export interface ServerGroups {
  /** Errors: `invalid_argument`, `invalid_user_id`; `too_large` above `limits.maxGroupMembers` or `maxGroupsPerUser`; `add_failed` when the id is taken; `forbidden` when a member does not want to be added. */
  create(group: NewGroup, acting?: ActingUser): Promise<Group>;
  /** Owners and admins. Who is in stays as they are. Returns how many came. Errors: `not_found`, `too_large`, `forbidden`, `invalid_user_id`. */
  add(groupId: GroupId, userIds: readonly UserId[], acting?: ActingUser): Promise<number>;
  /** Owners remove anybody else, admins members, everybody themselves; the application anybody (hand over first, or nobody sets roles any more). When this has resolved, nothing sent later reaches the user. False when they were no member. Errors: `not_found`, `forbidden`. */
  remove(groupId: GroupId, userId: UserId, acting?: ActingUser): Promise<boolean>;
  /** The user goes. An owner hands the group over first, unless nobody else is in. Errors: `not_found`, `forbidden`. */
  leave(groupId: GroupId, userId: UserId): Promise<void>;
  /** Owners and admins. Errors: `invalid_argument`, `not_found`, `forbidden`. */
  rename(groupId: GroupId, name: string, acting?: ActingUser): Promise<void>;
  /** Owners. Errors: `not_found` also for who is no member, `forbidden`, `invalid_argument` for the owner's own role. */
  setRole(groupId: GroupId, userId: UserId, role: "admin" | "member", acting?: ActingUser): Promise<void>;
  /** Owners. The owner before becomes an admin. Errors: `not_found` also for who is no member, `forbidden`. */
  handOver(groupId: GroupId, userId: UserId, acting?: ActingUser): Promise<void>;
  /** The groups a user is in, ascending by id. */
  of(userId: UserId): Promise<readonly OwnGroup[]>;
  /** Who is in now. Errors: `not_found`. */
  members(groupId: GroupId, acting?: ActingUser): Promise<readonly GroupMember[]>;
}

/** A stretch of one conversation. */
export interface ConversationPage<Message> {
  /** Ascending by position. */
  readonly messages: readonly Message[];
  /** Whether there are older ones that this user may see. */
  readonly hasMore: boolean;
}
