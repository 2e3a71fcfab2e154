import { type GroupNotice, parseGroupNotice } from "shyim/client";
import type { ChatMessage } from "../model.js";

/** Most names in one sentence. */
const MAX_NAMES = 3;

/** What a group tells of itself in a message; `null` for what people write. */
export function noticeIn({ senderId, type, content }: ChatMessage): GroupNotice | null {
  // Only the system speaks for a group: a user may send any type.
  return senderId === null ? parseGroupNotice(type, content) : null;
}

/** A notice as a sentence. @param nameOf a person's name; `null` for the system */
export function noticeText(notice: GroupNotice, nameOf: (userId: string | null) => string): string {
  const by = nameOf(notice.by);
  const whom = listOf(notice, nameOf);
  switch (notice.kind) {
    case "created":
      return `${by} created the group “${notice.name ?? ""}”`;
    case "added":
      return `${by} added ${whom}`;
    case "removed":
      return `${by} removed ${whom}`;
    case "left":
      return `${whom} left`;
    case "renamed":
      return `${by} named the group “${notice.name ?? ""}”`;
    case "role_changed":
      return notice.role === "admin" ? `${by} made ${whom} an admin` : `${by} made ${whom} a member`;
    case "handed_over":
      return `${by} made ${whom} the owner`;
  }
}

function listOf({ userIds, count }: GroupNotice, nameOf: (userId: string) => string): string {
  const names = userIds.slice(0, MAX_NAMES).map(nameOf);
  const others = count - names.length;
  const parts = others > 0 ? [...names, `${others} more`] : names;
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}
