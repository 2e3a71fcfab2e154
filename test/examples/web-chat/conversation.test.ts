import { describe, expect, it } from "vitest";
import { keyOf } from "../../../examples/web-chat/page/src/model.js";
import { Conversation, parseKey } from "../../../examples/web-chat/page/src/state/conversation.js";
import { messageAt } from "./made-up.js";

const withBob = (readUpTo: number | null = 0): Conversation =>
  new Conversation({ kind: "single", id: "bob" }, readUpTo);
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => messageAt(first + index));
const seqs = ({ messages }: Conversation): number[] => messages.map(({ conversationSeq }) => conversationSeq);

describe("a conversation of the page", () => {
  it("shows what the stream and the history both have once, in the order of the conversation", () => {
    const conversation = withBob();
    conversation.add(range(3, 5));
    conversation.addOlder(range(1, 4), false);
    conversation.add([messageAt(6), messageAt(5)]);
    expect(seqs(conversation)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("counts what came after the last message that was read", () => {
    const conversation = withBob(2);
    conversation.add(range(1, 5));
    expect(conversation.unread).toBe(3);
  });

  it("counts nothing while nobody knows what was read", () => {
    const conversation = withBob(null);
    conversation.add(range(1, 5));
    expect(conversation.unread).toBe(0);
  });

  it("keeps the newest 100 when it is put away, and knows that there are older ones", () => {
    const conversation = withBob();
    conversation.addOlder(range(1, 250), false);
    conversation.trim(100);
    expect(seqs(conversation)).toEqual(range(151, 250).map(({ conversationSeq }) => conversationSeq));
    expect(conversation.hasOlder).toBe(true);
  });

  it("keeps fewer of large ones, and always the newest", () => {
    const conversation = withBob();
    const content = new Uint8Array(1_500_000);
    conversation.add(range(1, 5).map((message) => ({ ...message, content })));
    conversation.trim(100);
    expect(seqs(conversation)).toEqual([4, 5]);
    conversation.add([messageAt(6, { content: new Uint8Array(5_000_000) })]);
    conversation.trim(100);
    expect(seqs(conversation)).toEqual([6]);
  });

  it("leaves no hole when the stream brings something from before what it keeps", () => {
    const conversation = withBob();
    conversation.add(range(1, 150));
    conversation.trim(100);
    conversation.add([messageAt(10)]);
    expect(seqs(conversation)[0]).toBe(51);
    conversation.addOlder(range(1, 50), false);
    expect(seqs(conversation)).toEqual(range(1, 150).map(({ conversationSeq }) => conversationSeq));
  });

  it.each(["bob", "a/b", "100%", "#?&", "@ü".slice(0, 1)])("is found again by its key, id %s", (id) => {
    expect(parseKey(keyOf({ kind: "group", id }))).toEqual({ kind: "group", id });
  });

  it.each(["", "bob", "user/bob", "single/", "single/a/b", "single/%E0%A4%A"])("has no key %s", (key) => {
    expect(parseKey(key)).toBeNull();
  });
});
