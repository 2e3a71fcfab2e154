import { describe, expect, it } from "vitest";
import { Inbox, MAX_HELD_BYTES, MAX_HELD_ITEMS } from "../../src/client/inbox.js";
import type { InboxItem } from "../../src/core/model.js";
import { settle } from "../../src/testing/fakes/virtual-time.js";
import { item } from "./fake-platform.js";

/** An inbox whose saves end when the test says so. */
function inboxAt(cursor: number) {
  const saves: { seqs: number[]; done: () => void; fail: () => void }[] = [];
  let overflows = 0;
  const inbox = new Inbox({
    save: (items) =>
      new Promise((resolve, reject) => {
        const seqs = items.map(({ seq }) => seq);
        saves.push({ seqs, done: resolve, fail: () => reject(new Error("disk full")) });
      }),
    overflowed: () => overflows++,
  });
  inbox.start(cursor);
  const saved = () => saves.map(({ seqs }) => seqs);
  return { inbox, saves, saved, overflows: () => overflows };
}

const range = (from: number, to: number): InboxItem[] =>
  Array.from({ length: to - from + 1 }, (_, index) => item(from + index));

describe("inbox", () => {
  it("I6: saves what follows the cursor and drops what lies behind it", () => {
    const { inbox, saved } = inboxAt(4);
    inbox.push(range(3, 6));
    expect(saved()).toEqual([[5, 6]]);
  });

  it("saves the items of one frame together", () => {
    const { inbox, saved } = inboxAt(0);
    inbox.push(range(1, 40));
    expect(saved()).toEqual([range(1, 40).map(({ seq }) => seq)]);
  });

  it("Q2: does not skip a gap; what lies beyond it waits", () => {
    const { inbox, saved } = inboxAt(0);
    inbox.push([item(3), item(2)]);
    expect(saved()).toEqual([]);
    expect(inbox.reached).toBe(0);
    inbox.push([item(1)]);
    expect(saved()).toEqual([[1, 2, 3]]);
  });

  it("keeps the first of two items with one seq", async () => {
    const { inbox, saves } = inboxAt(0);
    inbox.push([item(1), item(1, { id: 99 })]);
    inbox.push([item(1, { id: 99 })]);
    saves[0]?.done();
    await settle();
    expect(saves).toHaveLength(1);
  });

  it("saves what comes during a save together with the next", async () => {
    const { inbox, saves, saved } = inboxAt(0);
    inbox.push([item(1)]);
    inbox.push([item(2)]);
    inbox.push([item(3)]);
    expect(saved()).toEqual([[1]]);
    saves[0]?.done();
    await settle();
    expect(saved()).toEqual([[1], [2, 3]]);
  });

  it("holds what comes before the login is saved", () => {
    const { inbox, saved } = inboxAt(0);
    inbox.stop();
    inbox.push(range(5, 8));
    expect(saved()).toEqual([]);
    inbox.start(6);
    expect(saved()).toEqual([[7, 8]]);
  });

  it("drops everything not being saved when a save fails", async () => {
    const { inbox, saves, saved } = inboxAt(0);
    inbox.push([item(1)]);
    inbox.push([item(2), item(4)]);
    saves[0]?.fail();
    await inbox.idle();
    inbox.start(0);
    inbox.push([item(3)]);
    expect(saved()).toEqual([[1]]);
  });

  it("ends a save under way when the connection goes, and says when that is over", async () => {
    const { inbox, saves } = inboxAt(0);
    inbox.push([item(1)]);
    inbox.stop();
    let idle = false;
    const waiting = inbox.idle().then(() => {
      idle = true;
    });
    await settle();
    expect(idle).toBe(false);
    saves[0]?.done();
    await waiting;
    expect(inbox.isSaving).toBe(false);
  });

  it("I15: gives up the connection when too many items wait behind a gap", () => {
    const { inbox, overflows } = inboxAt(0);
    inbox.push(range(2, MAX_HELD_ITEMS + 1));
    expect(overflows()).toBe(0);
    inbox.push([item(MAX_HELD_ITEMS + 2)]);
    expect(overflows()).toBe(1);
  });

  it("I15: gives up the connection when too many bytes wait for a slow store", () => {
    const { inbox, overflows } = inboxAt(0);
    const large = (seq: number): InboxItem => {
      const { message } = item(seq);
      return { seq, message: { ...message, content: new Uint8Array(MAX_HELD_BYTES / 4) } };
    };
    inbox.push([1, 2, 3, 4].map(large));
    expect(overflows()).toBe(0);
    inbox.push([large(5)]);
    expect(overflows()).toBe(1);
  });

  it("needs no room for what it has already", () => {
    const { inbox, overflows } = inboxAt(2 * MAX_HELD_ITEMS);
    inbox.push(range(1, 2 * MAX_HELD_ITEMS));
    expect(overflows()).toBe(0);
  });

  it("has room again for what was saved", async () => {
    const { inbox, saves, overflows } = inboxAt(0);
    for (let round = 0; round < 3; round++) {
      inbox.push(range(round * MAX_HELD_ITEMS + 1, (round + 1) * MAX_HELD_ITEMS));
      saves[round]?.done();
      await inbox.idle();
    }
    expect([overflows(), inbox.reached]).toEqual([0, 3 * MAX_HELD_ITEMS]);
  });
});
