import { describe, expect, it } from "vitest";
import { composeNotices } from "../../../../scripts/chaos/judge/compose-notices.js";
import { encodeGroupNotice, type GroupNoticeKind } from "../../../../src/core/group-notice.js";
import type { InboxItem } from "../../../../src/core/model.js";
import type { FinalState, HistoryEvent } from "../../../../src/testing/simulation/history.js";

function notice(place: number, kind: GroupNoticeKind, userId: string): InboxItem {
  const target = { kind: "group", id: "g" } as const;
  const { type, content } = encodeGroupNotice({ kind, by: "keeper", userIds: [userId] });
  const times = { serverTime: 0, clientTime: 0 };
  const message = { messageId: `id${place}`, senderId: null, target, type, content, conversationSeq: place, ...times };
  return { seq: place, message };
}

const final = (...items: InboxItem[]): FinalState => {
  return { epoch: "1", inboxes: new Map([["keeper", items]]), baseSeqs: new Map(), stays: new Map() };
};

type ChangeKind = "adding" | "added" | "removing" | "removed";
const change = (kind: ChangeKind, userId: string, at: number): HistoryEvent => ({ kind, groupId: "g", userId, at });
const told = (events: readonly HistoryEvent[]): string[] =>
  events.map((event) => (event.kind === "invoke" ? event.operation : event.kind));

describe("notices of groups", () => {
  it("are composed where the change was asked for", () => {
    const events = [change("adding", "ann", 1), change("added", "ann", 2), change("removing", "ann", 3)];
    const history = composeNotices(events, final(notice(1, "added", "ann"), notice(2, "removed", "ann")));
    expect(told(history)).toEqual(["adding", "notice.id1", "added", "removing", "notice.id2"]);
    expect(history[1]).toMatchObject({ at: 1, author: "server", userId: null, conversation: "g g" });
  });

  it("are composed once, however often it was asked for", () => {
    const events = [change("adding", "ann", 1), change("adding", "ann", 2), change("added", "ann", 3)];
    expect(told(composeNotices(events, final(notice(1, "added", "ann"))))).toEqual([
      ...["adding", "notice.id1", "adding", "added"],
    ]);
  });

  it("are composed by nobody when nobody asked for what they tell", () => {
    const events = [change("adding", "ann", 1), change("added", "ann", 2)];
    expect(told(composeNotices(events, final(notice(1, "removed", "ann"))))).toEqual(["adding", "added"]);
    expect(told(composeNotices(events, final(notice(1, "added", "bob"))))).toEqual(["adding", "added"]);
    expect(told(composeNotices(events, final(notice(1, "renamed", "ann"))))).toEqual(["adding", "added"]);
  });
});
