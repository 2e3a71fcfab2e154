import { decodeText, encodeText } from "./bytes.js";
import { isId, type UserId } from "./model.js";

/** Types of the items by which a group tells its members what has changed (100–199 are reserved for them). */
export const GROUP_NOTICE = {
  created: 100,
  added: 101,
  removed: 102,
  left: 103,
  renamed: 104,
  role_changed: 105,
  handed_over: 106,
} as const;

/** What has changed about a group. */
export type GroupNoticeKind = keyof typeof GROUP_NOTICE;

/** What a notice says. */
export interface GroupNotice {
  readonly kind: GroupNoticeKind;
  /** Who did it; `null` for the application. */
  readonly by: UserId | null;
  /** Whom it concerns, the first {@link MAX_NOTICE_USERS} of them. */
  readonly userIds: readonly UserId[];
  /** How many it concerns. */
  readonly count: number;
  /** The name of the group: for `created` and `renamed`. */
  readonly name?: string;
  /** The new role: for `role_changed`. */
  readonly role?: "admin" | "member";
}

/** Users a notice names; it has to fit a frame, whatever the size of the group. */
export const MAX_NOTICE_USERS = 100;

/** What a notice is as a message: its type, and its content as JSON in UTF-8. */
export function encodeGroupNotice({ kind, userIds, ...rest }: Omit<GroupNotice, "count">): {
  readonly type: number;
  readonly content: Uint8Array;
} {
  const said = { ...rest, userIds: userIds.slice(0, MAX_NOTICE_USERS), count: userIds.length };
  return { type: GROUP_NOTICE[kind], content: encodeText(JSON.stringify(said)) };
}

/**
 * What a message of these types says; `null` for every other message, and for content that is none. Only the system sends
 * notices: look at `senderId`, which is `null` for them, since an application may let its users send any type.
 */
export function parseGroupNotice(type: MessageTypeLike, content: Uint8Array): GroupNotice | null {
  const kind = kindOf(type);
  if (kind === undefined) return null;
  try {
    return noticeOf(kind, JSON.parse(decodeText(content)));
  } catch {
    return null;
  }
}

type MessageTypeLike = number | string;

function kindOf(type: MessageTypeLike): GroupNoticeKind | undefined {
  return (Object.keys(GROUP_NOTICE) as GroupNoticeKind[]).find((kind) => GROUP_NOTICE[kind] === type);
}

function noticeOf(kind: GroupNoticeKind, said: Record<string, unknown>): GroupNotice | null {
  const { by, userIds, count, name, role } = said;
  const isFine =
    (by === null || isId(by)) && Array.isArray(userIds) && userIds.every(isId) && Number.isSafeInteger(count);
  if (!isFine) return null;
  return {
    kind,
    by,
    userIds,
    count: count as number,
    ...(typeof name === "string" && { name }),
    ...((role === "admin" || role === "member") && { role }),
  };
}
