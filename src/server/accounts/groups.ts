import type { GroupStore, NewGroup } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import { assertId, invalidArgument } from "../../core/model.js";
import type { ServerGroups } from "../im-server.js";

const MAX_NAME_LENGTH = 100;

/**
 * Groups for the application's own code: arguments are checked here, everything else is the storage's.
 * @param assertRunning throws `unavailable` unless the server runs
 */
export function createServerGroups(store: GroupStore, maxMembers: number, assertRunning: () => void): ServerGroups {
  return {
    create: async (group) => {
      assertRunning();
      assertGroup(group);
      return store.create(checkedGroup(group, maxMembers));
    },
    add: async (groupId, userIds) => {
      assertRunning();
      assertId(groupId, "groupId");
      return store.add(groupId, checkedIds(userIds, "userIds"), maxMembers);
    },
    remove: async (groupId, userId) => {
      assertRunning();
      assertId(groupId, "groupId");
      assertId(userId, "userId");
      return store.remove(groupId, userId);
    },
    members: async (groupId) => {
      assertRunning();
      assertId(groupId, "groupId");
      return (await store.memberships(groupId)).filter(({ leftSeq }) => leftSeq === null);
    },
  };
}

function assertGroup(group: unknown): void {
  if (typeof group === "object" && group !== null) return;
  throw invalidArgument("groups.create takes { name, ownerId, memberIds, id? }", group);
}

function checkedGroup({ id, name, ownerId, memberIds }: NewGroup, maxMembers: number): NewGroup {
  if (id !== undefined) assertId(id, "id");
  if (typeof name !== "string" || name.length === 0 || name.length > MAX_NAME_LENGTH) {
    throw invalidArgument(`name must be 1–${MAX_NAME_LENGTH} characters`, name);
  }
  assertId(ownerId, "ownerId");
  const others = checkedIds(memberIds, "memberIds");
  const size = new Set([ownerId, ...others]).size;
  if (size > maxMembers) {
    throw new ImError("too_large", {
      message: `a group may have ${maxMembers} members (limits.maxGroupMembers), got ${size}`,
    });
  }
  return { ...(id === undefined ? {} : { id }), name, ownerId, memberIds: others };
}

function checkedIds(ids: unknown, what: string): string[] {
  if (!Array.isArray(ids)) throw invalidArgument(`${what} must be an array of ids`, ids);
  return ids.map((id, index) => {
    assertId(id, `${what}[${index}]`);
    return id;
  });
}
