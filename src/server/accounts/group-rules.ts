import type { GroupChange, GroupRole, GroupState, Notice } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import type { GroupNotice } from "../../core/group-notice.js";
import { describe, invalidArgument, type UserId } from "../../core/model.js";

/** Who wants it: a user, to whom the rules apply, or the application (`null`), which may everything. */
export type Actor = UserId | null;

/** Decides on the group as it is while nobody else can change it. Throws what it refuses with. */
export type GroupRule = (state: GroupState) => GroupChange | null;

/** Makes the item by which a change is told; the same one however often a rule is asked. */
export type TellChange = (notice: Omit<GroupNotice, "count" | "by">) => Notice;

/** Bounds a group is held to. */
export interface GroupLimits {
  readonly maxGroupMembers: number;
  readonly maxGroupsPerUser: number;
}

/** Owners and admins add. Who is in stays as they are. */
export function mayAdd(by: Actor, userIds: readonly UserId[], limits: GroupLimits, tell: TellChange): GroupRule {
  return (state) => {
    assertRole(state, by, ["owner", "admin"]);
    const newcomers = [...new Set(userIds)].filter((userId) => !state.members.has(userId));
    if (newcomers.length === 0) return null;
    assertRoom(state, newcomers.length, limits);
    assertGroupCounts(state, newcomers, limits);
    return { add: newcomers, notice: tell({ kind: "added", userIds: newcomers }) };
  };
}

/** For what has to be asked before the members of others are: owners and admins may go on. Changes nothing. */
export function mayAsk(by: Actor): GroupRule {
  return (state) => {
    assertRole(state, by, ["owner", "admin"]);
    return null;
  };
}

/** Owners remove anybody else, admins members, and everybody themselves (then they leave). */
export function mayRemove(by: Actor, userId: UserId, tell: TellChange): GroupRule {
  return (state) => {
    const mine = roleOf(state, by);
    const theirs = state.members.get(userId);
    if (theirs === undefined) return null;
    if (by === userId) return leave(state, userId, tell);
    if (!isAbove(mine, theirs)) throw forbidden("remove this member");
    return remove(userId, tell({ kind: "removed", userIds: [userId] }));
  };
}

/** The owner hands over first, unless nobody else is in. */
export function mayLeave(userId: UserId, tell: TellChange): GroupRule {
  return (state) => {
    roleOf(state, userId);
    return leave(state, userId, tell);
  };
}

/** Owners and admins rename. */
export function mayRename(by: Actor, name: string, tell: TellChange): GroupRule {
  return (state) => {
    assertRole(state, by, ["owner", "admin"]);
    if (state.group.name === name) return null;
    return { name, notice: tell({ kind: "renamed", userIds: [], name }) };
  };
}

/** Owners make members admins and the other way round. */
export function maySetRole(by: Actor, userId: UserId, role: "admin" | "member", tell: TellChange): GroupRule {
  return (state) => {
    assertRole(state, by, ["owner"]);
    const current = memberRole(state, userId);
    if (current === "owner") throw invalidArgument("an owner's role changes by handing the group over", userId);
    if (current === role) return null;
    return { roles: new Map([[userId, role]]), notice: tell({ kind: "role_changed", userIds: [userId], role }) };
  };
}

/** Owners hand over; who was the owner stays as an admin. */
export function mayHandOver(by: Actor, userId: UserId, tell: TellChange): GroupRule {
  return (state) => {
    assertRole(state, by, ["owner"]);
    if (memberRole(state, userId) === "owner") return null;
    const roles = new Map<UserId, GroupRole>([[userId, "owner"]]);
    if (state.members.get(state.group.ownerId) === "owner") roles.set(state.group.ownerId, "admin");
    return { ownerId: userId, roles, notice: tell({ kind: "handed_over", userIds: [userId] }) };
  };
}

/** Who is no member cannot tell a group from one that does not exist. Errors: `not_found`. */
export function roleOf({ group, members }: GroupState, by: Actor): GroupRole | "application" {
  if (by === null) return "application";
  const role = members.get(by);
  if (role === undefined) throw groupNotFound(group.id);
  return role;
}

/** The answer for a group that does not exist, and for one that is none of the caller's business. */
export function groupNotFound(groupId: string): ImError {
  return new ImError("not_found", { message: `there is no group ${describe(groupId)}` });
}

function leave(state: GroupState, userId: UserId, tell: TellChange): GroupChange {
  const isOwner = state.members.get(userId) === "owner";
  if (isOwner && state.members.size > 1) {
    throw new ImError("forbidden", { message: "an owner hands the group over before leaving it" });
  }
  return remove(userId, tell({ kind: "left", userIds: [userId] }));
}

function remove(userId: UserId, notice: Notice): GroupChange {
  return { remove: [userId], notice };
}

function isAbove(mine: GroupRole | "application", theirs: GroupRole): boolean {
  if (mine === "application") return true;
  return mine === "owner" ? theirs !== "owner" : mine === "admin" && theirs === "member";
}

function assertRole(state: GroupState, by: Actor, allowed: readonly GroupRole[]): void {
  const role = roleOf(state, by);
  if (role !== "application" && !allowed.includes(role)) throw forbidden("do this in the group");
}

function memberRole({ members }: GroupState, userId: UserId): GroupRole {
  const role = members.get(userId);
  if (role !== undefined) return role;
  throw new ImError("not_found", { message: `${describe(userId)} is no member of the group` });
}

function assertRoom({ group, members }: GroupState, coming: number, { maxGroupMembers }: GroupLimits): void {
  if (members.size + coming <= maxGroupMembers) return;
  const message =
    `group ${describe(group.id)} has ${members.size} members; ${coming} more would exceed ` +
    `${maxGroupMembers} (limits.maxGroupMembers)`;
  throw new ImError("too_large", { message });
}

function assertGroupCounts(
  { groupCounts }: GroupState,
  newcomers: readonly UserId[],
  { maxGroupsPerUser }: GroupLimits,
) {
  const full = newcomers.find((userId) => (groupCounts.get(userId) ?? 0) >= maxGroupsPerUser);
  if (full === undefined) return;
  const message = `${describe(full)} is in ${maxGroupsPerUser} groups already (limits.maxGroupsPerUser)`;
  throw new ImError("too_large", { message });
}

function forbidden(what: string): ImError {
  return new ImError("forbidden", { message: `your role does not allow you to ${what}` });
}
