/**
 * The built-in accounts: users, who is friends with whom, and who wants nothing from whom. Ids are well-formed and compared byte by byte; what is said
 * about texts at `Storage` is true of nicknames, phone numbers and password hashes.
 */

import type { UserId } from "../../core/model.js";

/** A user of the built-in accounts. */
export interface User {
  readonly id: UserId;
  /** What the user signs in with, as the caller normalised it. No two users have the same. */
  readonly phoneNumber: string;
  /** What others see. */
  readonly nickname: string;
  /** Opaque to the storage. */
  readonly passwordHash: string;
  /** Tokens issued before it are not accepted any more, ms since 1970; 0: none was revoked. */
  readonly revokedBefore: number;
}

/** What a new user starts with; `revokedBefore` starts at 0. */
export interface NewUser {
  /** The application's own id; without it the storage hands out the next free decimal. */
  readonly id?: UserId;
  readonly phoneNumber: string;
  readonly nickname: string;
  readonly passwordHash: string;
}

/** What to change about a user; what is not named stays. */
export interface UserChanges {
  readonly nickname?: string;
  readonly passwordHash?: string;
  /** Ms since 1970. It never goes back: the later one of this and what is stored counts. */
  readonly revokedBefore?: number;
}

/** What has to be stored about a user for a change to happen. */
export interface ExpectedUser {
  readonly passwordHash: string;
}

/** The users of the built-in accounts. Empty where an application has accounts of its own. */
export interface UserStore {
  /**
   * Creates a user.
   * Errors: `add_failed` when the id or the phone number is taken, with a text that does not say by whom;
   * `invalid_argument` for a text that cannot be stored. Nothing was written then.
   */
  create(user: NewUser): Promise<User>;
  /** The user, or `null`. */
  find(userId: UserId): Promise<User | null>;
  /** The user with exactly this phone number, or `null`; `null` also for a text that this storage refuses to store. */
  findByPhoneNumber(phoneNumber: string): Promise<User | null>;
  /** Many users at once, each under their id; repeats count once, unknown ones are absent. */
  findMany(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, User>>;
  /**
   * Changes a user in one step: changes made at the same time to other fields are not lost. False when there is no such
   * user; true also when everything was so before.
   * Errors: `invalid_argument` for a text that cannot be stored, and then nothing was changed.
   * @param expected with it: false, and nothing was changed, when another password hash is stored; compared in the same step
   */
  update(userId: UserId, changes: UserChanges, expected?: ExpectedUser): Promise<boolean>;
}

/**
 * Who is friends with whom. A friendship is one pair without direction: (a, b) and (b, a) are the same. The two need no
 * account here, since an application may have accounts of its own; who may befriend whom is for the caller to say.
 */
export interface FriendStore {
  /**
   * Makes two users friends. False when they are friends already, whoever of them was named first.
   * Errors: `too_large` when one of the two has so many friends already, counted in the same step; nothing was changed then.
   * @param maxFriends friends of one user; without it there may be any number
   */
  add(userId: UserId, friendId: UserId, maxFriends?: number): Promise<boolean>;
  /** Ends a friendship. False when there was none. */
  remove(userId: UserId, friendId: UserId): Promise<boolean>;
  /** All friends of a user, ascending by the bytes of their ids; empty for somebody unknown. */
  list(userId: UserId): Promise<readonly UserId[]>;
}

/**
 * Who wants no messages from whom in their single chat. It has a direction, and it needs no account here. The commit itself
 * looks at it: when a block has resolved, nothing that is committed later reaches the one who blocked from the other.
 */
export interface BlockStore {
  /**
   * `userId` gets nothing from `blockedId` any more. False when it was so already.
   * Errors: `too_large` when `userId` has blocked so many already, counted in the same step; nothing was changed then.
   * @param maxBlocked whom one user may have blocked; without it there may be any number
   */
  add(userId: UserId, blockedId: UserId, maxBlocked?: number): Promise<boolean>;
  /** Ends a block; what was refused meanwhile stays refused. False when there was none. */
  remove(userId: UserId, blockedId: UserId): Promise<boolean>;
  /** Whom a user has blocked, ascending by the bytes of their ids; empty for somebody unknown. */
  list(userId: UserId): Promise<readonly UserId[]>;
  /** Which of `userIds` have blocked `blockedId`; however many are asked for, repeats count once. */
  whoHasBlocked(blockedId: UserId, userIds: readonly UserId[]): Promise<ReadonlySet<UserId>>;
}
