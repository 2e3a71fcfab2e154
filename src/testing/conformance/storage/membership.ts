import type { GroupStore } from "../../../adapters/contracts/index.js";
import { ImError } from "../../../core/errors.js";
import type { GroupId, UserId } from "../../../core/model.js";

/**
 * Adds users to a group; gives how many came. Who is in stays as they are.
 * Errors: `not_found`; `too_large` when the group would exceed `maxMembers`, and then no one is added.
 */
export async function addMembers(
  groups: GroupStore,
  groupId: GroupId,
  userIds: readonly UserId[],
  maxMembers: number,
): Promise<number> {
  let count = 0;
  await groups.change(groupId, [], ({ members }) => {
    const add = [...new Set(userIds)].filter((userId) => !members.has(userId));
    count = add.length;
    if (count > 0 && members.size + count > maxMembers) throw new ImError("too_large");
    return { add, notice: null };
  });
  return count;
}

/** Ends a stay. False when there was none. Errors: `not_found`. */
export async function removeMember(groups: GroupStore, groupId: GroupId, userId: UserId): Promise<boolean> {
  const commit = await groups.change(groupId, [], ({ members }) => {
    return members.has(userId) ? { remove: [userId], notice: null } : null;
  });
  return commit !== null;
}
