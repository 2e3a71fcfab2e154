import type { CommitResult, GroupCommit, GroupStore, NewGroup, Notice } from "../../adapters/contracts/index.js";
import { toHex } from "../../core/bytes.js";
import { ImError } from "../../core/errors.js";
import { encodeGroupNotice } from "../../core/group-notice.js";
import { assertId, describe, type GroupId, invalidArgument, type UserId } from "../../core/model.js";
import type { ActingUser, GroupMember, ServerGroups } from "../im-accounts.js";
import type { ServerRuntime } from "../server-runtime.js";
import type { Audit } from "./audit.js";
import type { GroupConsent } from "./group-consent.js";
import {
  type Actor,
  type GroupLimits,
  type GroupRule,
  groupNotFound,
  mayAdd,
  mayAsk,
  mayHandOver,
  mayLeave,
  mayRemove,
  mayRename,
  maySetRole,
  type TellChange,
} from "./group-rules.js";
import { assertIds } from "./ids.js";
import type { People } from "./people.js";

const MAX_NAME_LENGTH = 100;

/** What groups need. */
export interface ServerGroupsServices {
  readonly groups: GroupStore;
  readonly limits: GroupLimits;
  readonly people: People;
  /** Asked for everybody whom a user wants to add. */
  readonly consent: GroupConsent;
  /** Tells the members' connections what was committed. */
  readonly route: (result: CommitResult) => void;
  readonly audit: Audit;
  readonly runtime: ServerRuntime;
  /** Throws `unavailable` unless the server runs. */
  readonly assertRunning: () => void;
}

/** Groups: arguments are checked here, rights by the rules inside the storage's transaction. */
export function createServerGroups(services: ServerGroupsServices): ServerGroups {
  return new Groups(services);
}

class Groups implements ServerGroups {
  readonly #services: ServerGroupsServices;

  constructor(services: ServerGroupsServices) {
    this.#services = services;
  }

  async create(group: NewGroup, acting?: ActingUser) {
    const by = this.#actor(acting);
    const newGroup = this.#checkedGroup(group, by);
    const { name, memberIds, ownerId } = newGroup;
    await this.#assertConsent(by, memberIds, null);
    const teller = this.#teller(by);
    const notice = teller.tell({ kind: "created", userIds: [ownerId, ...memberIds], name });
    const { maxGroupsPerUser } = this.#services.limits;
    const commit = await this.#services.groups.create({ ...newGroup, maxGroupsPerUser, notice });
    this.#announce(commit, teller);
    return commit.group;
  }

  async add(groupId: GroupId, userIds: readonly UserId[], acting?: ActingUser) {
    const by = this.#actor(acting);
    assertIds(userIds, "userIds");
    // First the right, so that who has none learns nothing of the group by whom it could get.
    await this.#change(groupId, this.#teller(by), [], mayAsk(by));
    await this.#assertConsent(by, userIds, groupId);
    let count = 0;
    const teller = this.#teller(by);
    const rule = mayAdd(by, userIds, this.#services.limits, teller.tell);
    await this.#change(groupId, teller, userIds, (state) => {
      const change = rule(state);
      count = change?.add?.length ?? 0;
      return change;
    });
    return count;
  }

  async remove(groupId: GroupId, userId: UserId, acting?: ActingUser) {
    const by = this.#actor(acting);
    assertId(userId, "userId");
    const teller = this.#teller(by);
    return this.#change(groupId, teller, [], mayRemove(by, userId, teller.tell));
  }

  async leave(groupId: GroupId, userId: UserId) {
    const by = this.#actor({ by: userId });
    const teller = this.#teller(by);
    await this.#change(groupId, teller, [], mayLeave(userId, teller.tell));
  }

  async rename(groupId: GroupId, name: string, acting?: ActingUser) {
    const by = this.#actor(acting);
    assertName(name);
    const teller = this.#teller(by);
    await this.#change(groupId, teller, [], mayRename(by, name, teller.tell));
  }

  async setRole(groupId: GroupId, userId: UserId, role: "admin" | "member", acting?: ActingUser) {
    const by = this.#actor(acting);
    assertId(userId, "userId");
    if (role !== "admin" && role !== "member") throw invalidArgument('role must be "admin" or "member"', role);
    const teller = this.#teller(by);
    await this.#change(groupId, teller, [], maySetRole(by, userId, role, teller.tell));
  }

  async handOver(groupId: GroupId, userId: UserId, acting?: ActingUser) {
    const by = this.#actor(acting);
    assertId(userId, "userId");
    const teller = this.#teller(by);
    await this.#change(groupId, teller, [], mayHandOver(by, userId, teller.tell));
  }

  async of(userId: UserId) {
    this.#services.assertRunning();
    assertId(userId, "userId");
    return this.#services.groups.groupsOf(userId);
  }

  async members(groupId: GroupId, acting?: ActingUser): Promise<readonly GroupMember[]> {
    const by = this.#actor(acting);
    assertId(groupId, "groupId");
    const stays = (await this.#services.groups.memberships(groupId)).filter(({ leftSeq }) => leftSeq === null);
    if (by !== null && !stays.some(({ userId }) => userId === by)) throw groupNotFound(groupId);
    const people = await this.#services.people.name(stays.map(({ userId }) => userId));
    return stays.map((stay, index) => ({ ...stay, ...people[index] }));
  }

  /** Errors: `unavailable` unless the server runs; `invalid_user_id`. */
  #actor(acting: ActingUser | undefined): Actor {
    this.#services.assertRunning();
    const by = acting?.by ?? null;
    if (by !== null) assertId(by, "by");
    return by;
  }

  #checkedGroup(group: NewGroup, by: Actor): NewGroup {
    if (typeof group !== "object" || group === null) {
      throw invalidArgument("groups.create takes { name, ownerId, memberIds, id? }", group);
    }
    const { id, name, ownerId, memberIds } = group;
    if (id !== undefined) assertId(id, "id");
    assertName(name);
    assertId(ownerId, "ownerId");
    assertIds(memberIds, "memberIds");
    if (by !== null && by !== ownerId) throw new ImError("forbidden", { message: "users create groups of their own" });
    const size = new Set([ownerId, ...memberIds]).size;
    const { maxGroupMembers } = this.#services.limits;
    if (size > maxGroupMembers) {
      const message = `a group may have ${maxGroupMembers} members (limits.maxGroupMembers), got ${size}`;
      throw new ImError("too_large", { message });
    }
    return {
      ...(id === undefined ? {} : { id }),
      name,
      ownerId,
      memberIds: [...new Set(memberIds)].filter((each) => each !== ownerId),
    };
  }

  /** The application knows what it does; users ask. */
  async #assertConsent(by: Actor, userIds: readonly UserId[], groupId: GroupId | null): Promise<void> {
    if (by !== null)
      await this.#services.consent.assertAll(
        by,
        [...new Set(userIds)].filter((id) => id !== by),
        groupId,
      );
  }

  /** True when something changed. */
  async #change(groupId: GroupId, teller: Teller, newcomers: readonly UserId[], rule: GroupRule): Promise<boolean> {
    assertId(groupId, "groupId");
    const commit = await this.#services.groups.change(groupId, newcomers, rule);
    if (commit !== null) this.#announce(commit, teller);
    return commit !== null;
  }

  #announce({ group, committed }: GroupCommit, { by, told }: Teller): void {
    if (committed !== null) this.#services.route(committed);
    const said = told();
    if (said === null) return;
    const { kind: change, userIds } = said;
    this.#services.audit({ action: "group_changed", groupId: group.id, by, change, userIds });
  }

  /** Id and time are the call's, so that a rule that is asked twice tells the same. */
  #teller(by: Actor): Teller {
    const { runtime } = this.#services;
    const messageId = toHex(runtime.randomBytes(16));
    const serverTime = runtime.now();
    let said: Parameters<TellChange>[0] | null = null;
    const tell: TellChange = (notice): Notice => {
      said = notice;
      return { messageId, serverTime, ...encodeGroupNotice({ ...notice, by }) };
    };
    return { by, tell, told: () => said };
  }
}

/** Puts a change of a group into words, for its members and for the audit trail. */
interface Teller {
  readonly by: Actor;
  readonly tell: TellChange;
  /** What was told last; `null` before anything was. */
  readonly told: () => Parameters<TellChange>[0] | null;
}

function assertName(name: unknown): asserts name is string {
  const isFine = typeof name === "string" && name.length > 0 && name.length <= MAX_NAME_LENGTH && name.isWellFormed();
  if (isFine && !name.includes("\0")) return;
  throw invalidArgument(
    `name must be 1–${MAX_NAME_LENGTH} characters`,
    typeof name === "string" ? describe(name) : name,
  );
}
