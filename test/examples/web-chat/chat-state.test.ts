import { describe, expect, it } from "vitest";
import { encodeGroupNotice } from "../../../src/core/group-notice.js";
import { adasState, deliveredAt, MadeUpStorage, messageAt, waiting } from "./made-up.js";

const BOB = { kind: "single", id: "bob" } as const;
const GROUP = { kind: "group", id: "9" } as const;

describe("the state of the page", () => {
  it("marks as unread what comes into a conversation nobody looks at, from its first message on", () => {
    const saved = new MadeUpStorage();
    adasState(saved).settleMarks();
    const state = adasState(saved);
    state.received(deliveredAt(7));
    state.received(deliveredAt(8));
    expect(state.unread).toBe(2);
  });

  it("takes what came before the first visit in this browser as read", () => {
    const state = adasState();
    state.received(deliveredAt(1));
    state.settleMarks();
    expect(state.unread).toBe(0);
    state.received(deliveredAt(2));
    expect(state.unread).toBe(1);
  });

  it("knows after a reload what was read before", () => {
    const saved = new MadeUpStorage();
    const before = adasState(saved);
    before.received(deliveredAt(4));
    before.markRead(before.conversation(BOB));
    const after = adasState(saved);
    after.caughtUp(after.conversation(BOB), [messageAt(6)], true);
    expect(after.unread).toBe(2);
  });

  it("counts nothing behind an own message, from another device too", () => {
    const state = adasState(new MadeUpStorage());
    state.settleMarks();
    state.received(deliveredAt(1));
    state.received(deliveredAt(2, { senderId: "ada" }));
    expect(state.unread).toBe(0);
  });

  it("puts the conversation with the newest message first, also with one that only waits", () => {
    const state = adasState();
    state.setFriends([
      { userId: "bob", nickname: "Bob" },
      { userId: "cy", nickname: "Cy" },
    ]);
    const titles = (): string[] => state.conversations().map((one) => state.titleOf(one));
    expect(titles()).toEqual(["Bob", "Cy"]);
    state.received(deliveredAt(1, { conversation: { kind: "single", id: "cy" }, senderId: "cy" }));
    expect(titles()).toEqual(["Cy", "Bob"]);
    state.outgoing.outboxChanged([waiting(1)]);
    expect(titles()).toEqual(["Bob", "Cy"]);
  });

  it("follows what a group tells of itself", () => {
    const state = adasState();
    const group = state.conversation(GROUP);
    const tell = (seq: number, notice: Parameters<typeof encodeGroupNotice>[0]): void =>
      state.received(deliveredAt(seq, { conversation: GROUP, senderId: null, ...encodeGroupNotice(notice) }));
    tell(1, { kind: "created", by: "bob", userIds: ["bob", "ada"], name: "Walk" });
    expect(state.titleOf(group)).toBe("Walk");
    tell(2, { kind: "removed", by: "bob", userIds: ["ada"] });
    expect(group.isOpen).toBe(false);
    tell(3, { kind: "added", by: "bob", userIds: ["ada"] });
    expect(group.isOpen).toBe(true);
  });

  it("does not believe a person who writes what looks like a notice", () => {
    const state = adasState();
    const forged = encodeGroupNotice({ kind: "removed", by: "bob", userIds: ["ada"] });
    state.received(deliveredAt(1, { conversation: GROUP, ...forged }));
    expect(state.conversation(GROUP).isOpen).toBe(true);
  });

  it("closes a group that the server does not name any more, and keeps its name", () => {
    const state = adasState();
    state.setGroups([{ id: "9", name: "Walk" }]);
    state.setGroups([]);
    expect(state.conversation(GROUP).isOpen).toBe(false);
    expect(state.titleOf(state.conversation(GROUP))).toBe("Walk");
  });
});
