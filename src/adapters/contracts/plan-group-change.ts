import { ImError } from "../../core/errors.js";
import { describe, type UserId } from "../../core/model.js";
import { type CommitFacts, type Decision, decideBatch } from "./decide-batch.js";
import type { Group, GroupChange, GroupRole, GroupState, Notice } from "./groups.js";
import type { Uplink } from "./messages.js";

/** A change of a group, worked out: what to write. */
export interface GroupPlan {
  /** As it will be. */
  readonly group: Group;
  /** Who begins a stay, ascending, with the role of it. */
  readonly coming: readonly (readonly [UserId, GroupRole])[];
  /** Whose stay ends, ascending. */
  readonly leaving: readonly UserId[];
  /** Who stays with another role than before. */
  readonly promoted: readonly (readonly [UserId, GroupRole])[];
  /** Who is in before or after the change, each once: they get the notice. */
  readonly audience: readonly UserId[];
}

/** The meaning of a {@link GroupChange}, one copy for every storage; changes nothing. */
export function planGroupChange({ group, members }: GroupState, change: GroupChange): GroupPlan {
  const { name = group.name, ownerId = group.ownerId, add = [], remove = [], roles } = change;
  const removed = new Set(remove);
  const newcomers = [...new Set(add)].filter((userId) => !members.has(userId) && !removed.has(userId)).sort();
  return {
    group: { id: group.id, name, ownerId },
    coming: newcomers.map((userId) => [userId, roles?.get(userId) ?? "member"]),
    leaving: [...removed].filter((userId) => members.has(userId)).sort(),
    promoted: [...(roles ?? [])].filter(([userId, role]) => {
      return !removed.has(userId) && (members.get(userId) ?? role) !== role;
    }),
    audience: [...members.keys(), ...newcomers],
  };
}

/** Errors: `too_large` when one of these users is in `most` groups already. */
export function assertGroupsLeft(groupCounts: GroupState["groupCounts"], most: number): void {
  for (const [userId, count] of groupCounts) {
    if (count < most) continue;
    throw new ImError("too_large", {
      message: `${describe(userId)} can be in no more groups than the ${most} there are`,
    });
  }
}

/**
 * Decides about a notice by the rules of the commit: it is a message of the system to the group, for an audience of its own.
 * Decisions: one, of the kind `accept` unless its id was decided before.
 */
export function decideNotice(
  facts: CommitFacts,
  group: Group,
  notice: Notice,
  audience: readonly UserId[],
): Decision[] {
  const members = { has: (userId: UserId) => audience.includes(userId), members: () => [...audience] };
  const told: CommitFacts = { ...facts, membersOf: () => members };
  return decideBatch(told, [noticeUplink(group, notice)], { maxUplinks: 1, maxInboxRows: audience.length });
}

/** The uplink a notice is. */
export function noticeUplink({ id }: Group, notice: Notice): Uplink {
  const { messageId, type, content, serverTime } = notice;
  const spoken = { messageId, type, content, serverTime, clientTime: serverTime };
  return { ...spoken, senderId: null, target: { kind: "group", id }, afterId: null, syncEpoch: null, refuse: null };
}
