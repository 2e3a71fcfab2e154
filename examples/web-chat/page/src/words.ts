import type { ChatMessage } from "./model.js";
import { noticeIn, noticeText } from "./state/notice.js";

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const DAY_MS = 86_400_000;

/** Clock time of a moment, ms since 1970. */
export function timeText(at: number): string {
  return time.format(at);
}

/** "Today", "Yesterday", a day of the last week by its name, or the date. */
export function dayText(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days > 1 && days < 7 ? weekday.format(at) : date.format(at);
}

/** For the list: the time if it was today, else the day. */
export function momentText(at: number, now: number): string {
  const day = dayText(at, now);
  return day === "Today" ? timeText(at) : day;
}

/** Midnight before a moment, where the user is. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** A message in one line, without who wrote it. */
export function previewOf(message: ChatMessage, nameOf: (userId: string | null) => string): string {
  const notice = noticeIn(message);
  if (notice !== null) return noticeText(notice, nameOf);
  return bodyText(message);
}

/** What people wrote, as text. */
export function bodyText({ type, text }: Pick<ChatMessage, "type" | "text">): string {
  if (text !== undefined) return text;
  return type === "picture" ? "Picture" : "A message this page cannot show";
}

/** "1 message", "2 messages". */
export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? "" : "s"}`;
}
