import { ImError } from "shyim/client";
import { describe, expect, it } from "vitest";
import type { ChatState } from "../../../examples/web-chat/page/src/state/chat-state.js";
import { type MessageRow, type Row, rowsOf } from "../../../examples/web-chat/page/src/views/rows.js";
import { adasState, deliveredAt, NOON, waiting } from "./made-up.js";

const DAY_MS = 86_400_000;
const BOB = { kind: "single", id: "bob" } as const;

const rowsWithBob = (state: ChatState): readonly Row[] => rowsOf(state, state.conversation(BOB), NOON + 3_600_000);
const texts = (state: ChatState): string[] => rowsWithBob(state).map(({ text }) => text);
const messages = (state: ChatState): MessageRow[] => rowsWithBob(state).filter((row) => row.kind === "message");

describe("the rows of a conversation", () => {
  it("say the day before its first message, and nothing before the next one of that day", () => {
    const state = adasState();
    state.received(deliveredAt(1, { sentAt: NOON - DAY_MS }));
    state.received(deliveredAt(2));
    state.received(deliveredAt(3));
    expect(texts(state)).toEqual(["Yesterday", "text 1", "Today", "text 2", "text 3"]);
  });

  it("say where the unread messages began when the conversation was opened", () => {
    const state = adasState();
    for (const seq of [1, 2, 3]) state.received(deliveredAt(seq));
    state.unreadFrom = 1;
    expect(texts(state)).toEqual(["Today", "text 1", "New", "text 2", "text 3"]);
  });

  it("show what waits at the end, with its delivery, each message once on its way", () => {
    const state = adasState();
    const { outgoing } = state;
    state.received(deliveredAt(1, { senderId: "ada" }));
    outgoing.outboxChanged([waiting(1, { status: "sending" }), waiting(2)]);
    expect(messages(state).map(({ delivery }) => delivery)).toEqual(["sent", "sending", "waiting"]);

    outgoing.sent({ clientId: 1, to: { userId: "bob" }, messageId: "message 2", seq: 2 });
    expect(messages(state).map(({ text, delivery }) => [text, delivery])).toEqual([
      ["text 1", "sent"],
      ["waits 1", "sent"],
      ["waits 2", "waiting"],
    ]);

    state.received(deliveredAt(2, { senderId: "ada", text: "waits 1" }));
    expect(messages(state).map(({ text }) => text)).toEqual(["text 1", "waits 1", "waits 2"]);
    expect(outgoing.waiting).toBe(1);
  });

  it("say why a message was refused, until it is given up", () => {
    const state = adasState();
    const message = waiting(1);
    state.outgoing.outboxChanged([message]);
    state.outgoing.refused({ message, error: new ImError("blocked") });
    expect(messages(state)[0]).toMatchObject({
      delivery: "refused",
      refusal: { reason: "this person does not take messages from you", clientId: 1 },
    });
    state.outgoing.outboxChanged([]);
    expect(state.outgoing.take(1)).toMatchObject({ text: "waits 1" });
    expect(messages(state)).toEqual([]);
  });

  it("name the author where somebody else begins in a group, and nowhere in a single chat", () => {
    const state = adasState();
    const group = { kind: "group", id: "9" } as const;
    state.meet([{ userId: "bob", nickname: "Bob" }]);
    for (const [seq, senderId] of [
      [1, "bob"],
      [2, "bob"],
      [3, "ada"],
      [4, "bob"],
    ] as const) {
      state.received(deliveredAt(seq, { conversation: group, senderId }));
      state.received(deliveredAt(seq, { senderId }));
    }
    const shown = rowsOf(state, state.conversation(group), NOON).filter((row) => row.kind === "message");
    expect(shown.map(({ showsAuthor }) => showsAuthor)).toEqual([true, false, false, true]);
    expect(messages(state).some(({ showsAuthor }) => showsAuthor)).toBe(false);
  });

  it("begin a new run after five minutes", () => {
    const state = adasState();
    state.received(deliveredAt(1, { sentAt: NOON }));
    state.received(deliveredAt(2, { sentAt: NOON + 299_000 }));
    state.received(deliveredAt(3, { sentAt: NOON + 600_000 }));
    expect(messages(state).map(({ startsRun }) => startsRun)).toEqual([true, false, true]);
  });
});
