import { ImError, isImError } from "shyim/client";
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

  it("knows after a reload what was not read before", () => {
    const saved = new MadeUpStorage();
    const before = adasState(saved);
    before.settleMarks();
    for (const seq of [1, 2, 3]) before.received(deliveredAt(seq));
    const after = adasState(saved);
    after.caughtUp(after.conversation(BOB), [messageAt(3)], true);
    expect(after.unread).toBe(3);
  });

  it.each(["the stream", "the history"])("marks what a new contact wrote while nobody was here, %s first", (first) => {
    const saved = new MadeUpStorage();
    adasState(saved).settleMarks();
    const state = adasState(saved);
    const fromHistory = (): void => state.caughtUp(state.conversation(BOB), [messageAt(3)], true);
    if (first === "the history") fromHistory();
    for (const seq of [1, 2, 3]) state.received(deliveredAt(seq));
    if (first === "the stream") fromHistory();
    expect(state.unread).toBe(3);
  });

  it("marks nothing as read that another tab has read further, and nothing of its own as unread", () => {
    const saved = new MadeUpStorage();
    const [left, right] = [adasState(saved), adasState(saved)];
    for (const state of [left, right]) for (const seq of [1, 2]) state.received(deliveredAt(seq));
    const carl = { kind: "single", id: "carl" } as const;
    right.received(deliveredAt(1, { conversation: carl, senderId: "carl" }));
    left.markRead(left.conversation(BOB));
    right.markRead(right.conversation(carl));
    const after = adasState(saved);
    after.caughtUp(after.conversation(BOB), [messageAt(2)], true);
    after.caughtUp(after.conversation(carl), [messageAt(1, { senderId: "carl" })], true);
    expect(after.unread).toBe(0);
  });

  it("keeps refused texts over a reload, until they are taken out", () => {
    const saved = new MadeUpStorage();
    adasState(saved).outgoing.refused({ message: waiting(1), error: new ImError("blocked") });
    const after = adasState(saved);
    expect(after.outgoing.of("single/bob")).toMatchObject([{ text: "waits 1", status: "refused" }]);
    expect(isImError(after.outgoing.of("single/bob")[0]?.error, "blocked")).toBe(true);
    after.outgoing.take(1);
    expect(adasState(saved).outgoing.undecided).toBe(0);
  });

  it("opens nothing for a conversation that it does not know, and opens it as soon as it does", () => {
    const state = adasState();
    state.show("single/bob");
    expect(state.open).toBeNull();
    state.setFriends([{ userId: "bob", nickname: "Bob" }]);
    expect(state.open?.address).toEqual(BOB);
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
