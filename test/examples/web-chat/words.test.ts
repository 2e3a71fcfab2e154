import { ImError } from "shyim/client";
import { describe, expect, it } from "vitest";
import { parseHistory } from "../../../examples/web-chat/page/src/net/history.js";
import { pictureType } from "../../../examples/web-chat/page/src/picture.js";
import { noticeText } from "../../../examples/web-chat/page/src/state/notice.js";
import { bannerText } from "../../../examples/web-chat/page/src/views/banner.js";
import { dayText } from "../../../examples/web-chat/page/src/words.js";
import { NOON } from "./made-up.js";

const DAY_MS = 86_400_000;

describe("the words of the page", () => {
  it.each([
    [NOON - 11 * 3_600_000, "Today"],
    [NOON - 13 * 3_600_000, "Yesterday"],
    [NOON - 3 * DAY_MS, "Friday"],
    [NOON - 30 * DAY_MS, "May 16, 2026"],
    [NOON + DAY_MS, "Jun 16, 2026"],
  ])("call the day of %i %s", (at, text) => {
    expect(dayText(at, NOON)).toBe(text);
  });

  it.each([
    [{ name: "online" } as const, 3, null],
    [{ name: "connecting", attempt: 1 } as const, 1, null],
    [{ name: "connecting", attempt: 2 } as const, 0, "You are offline. What you write goes out when you are back."],
    [
      { name: "waiting", retryInMs: 1_000, reason: "" } as const,
      1,
      "You are offline. 1 message is waiting and will be sent when you are back.",
    ],
    [
      { name: "waiting", retryInMs: 1_000, reason: "" } as const,
      2,
      "You are offline. 2 messages are waiting and will be sent when you are back.",
    ],
    [{ name: "syncing", cursor: 1, head: 2 } as const, 0, null],
    [{ name: "syncing", cursor: 100, head: 400 } as const, 0, "Catching up, 300 messages to go"],
    [
      { name: "closed", error: new ImError("closed"), closeCode: 4409 } as const,
      0,
      "The chat goes on where you signed in last.",
    ],
  ])("say of %o with %i waiting: %s", (connection, waiting, text) => {
    expect(bannerText(connection, waiting)).toBe(text);
  });

  it("name the first three of many people", () => {
    const notice = { kind: "added", by: "a", userIds: ["b", "c", "d", "e"], count: 120 } as const;
    expect(noticeText(notice, (userId) => String(userId).toUpperCase())).toBe("A added B, C, D, and 117 more");
  });
});

describe("what comes from outside", () => {
  it.each([
    ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]],
    ["image/jpeg", [0xff, 0xd8, 0xff, 0xe0]],
    ["image/webp", [0x52, 0x49, 0x46, 0x46, 1, 2, 3, 4, 0x57, 0x45, 0x42, 0x50]],
    [null, [...new TextEncoder().encode("<svg xmlns=")]],
    [null, []],
  ])("is shown as a picture by its first bytes: %s", (type, bytes) => {
    expect(pictureType(Uint8Array.from(bytes))).toBe(type);
  });

  it("has the form of the stream when it comes from the history", () => {
    const raw = { message_id: "m", sender_id: "bob", type: "text", text: "hi", content: "aGk=" };
    const page = parseHistory({ messages: [{ ...raw, conversation_seq: 4, sent_at: 5 }], has_more: true });
    const content = new TextEncoder().encode("hi");
    expect(page).toEqual({
      messages: [{ messageId: "m", senderId: "bob", type: "text", text: "hi", content, conversationSeq: 4, sentAt: 5 }],
      hasMore: true,
    });
  });
});
