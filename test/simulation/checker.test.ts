import { describe, expect, it } from "vitest";
import { VIOLATION_CLASSES } from "../../src/testing/simulation/checks/violation.js";
import { HandMade, to, toGroup } from "./hand-made.js";

/** One bad history per class: it yields exactly that class. */
const bad: Readonly<Record<(typeof VIOLATION_CLASSES)[number], (history: HandMade) => void>> = {
  lost: (history) => {
    history.deliver("ann", to("bob"));
    history.acknowledge(history.compose("ann", to("bob")));
  },
  unseen: (history) => {
    const composed = history.compose("ann", to("bob"));
    history.store(composed);
    history.acknowledge(composed);
    history.show("ann", composed);
  },
  duplicate: (history) => {
    history.show("bob", history.deliver("ann", to("bob")));
  },
  skip: (history) => {
    const first = history.compose("ann", to("bob"));
    const second = history.compose("ann", to("bob"));
    for (const composed of [first, second]) history.store(composed);
    for (const composed of [first, second]) history.show("ann", composed);
    history.show("bob", second);
  },
  nonmonotonic: (history) => {
    const first = history.compose("ann", to("bob"));
    const second = history.compose("ann", to("bob"));
    for (const composed of [first, second]) history.store(composed);
    for (const composed of [first, second]) history.show("ann", composed);
    for (const composed of [second, first]) history.show("bob", composed);
  },
  inconsistent: (history) => {
    const first = history.compose("ann", to("bob"));
    const second = history.compose("ann", to("bob"));
    for (const composed of [first, second]) history.store(composed);
    for (const composed of [first, second]) history.show("ann", composed);
    history.show("bob", second, { seq: 1 });
    history.show("bob", first, { seq: 2 });
  },
  "aborted-read": (history) => {
    const composed = history.compose("ann", toGroup);
    history.refuse(composed);
    history.store(composed);
    for (const userId of ["ann", "bob", "cat"]) history.show(userId, composed);
  },
  torn: (history) => {
    const composed = history.compose("ann", toGroup);
    history.store(composed, ["ann", "bob"]);
    history.acknowledge(composed);
    for (const userId of ["ann", "bob"]) history.show(userId, composed);
  },
  leaked: (history) => {
    const composed = history.compose("ann", to("bob"));
    history.store(composed, ["ann", "bob", "cat"]);
    for (const userId of ["ann", "bob", "cat"]) history.show(userId, composed);
  },
  forged: (history) => {
    const composed = history.compose("ann", to("bob"));
    const forged = { ...composed, sender: "bob", target: to("ann") };
    history.store(forged);
    for (const userId of ["ann", "bob"]) history.show(userId, forged);
  },
  reordered: (history) => {
    const first = history.compose("ann", to("bob"));
    const second = history.compose("ann", to("bob"));
    for (const composed of [second, first]) history.store(composed);
    for (const userId of ["ann", "bob"]) for (const composed of [second, first]) history.show(userId, composed);
  },
  "ack-changed": (history) => {
    const composed = history.deliver("ann", to("bob"));
    history.acknowledge(composed, 7);
  },
  stale: (history) => {
    const composed = history.compose("ann", to("bob"));
    history.store(composed);
    history.show("ann", composed);
    history.at += 31_000;
    history.show("bob", composed);
  },
  "locked-out": (history) => {
    history.add({ kind: "turned_away", device: "bob/1", code: "unauthenticated" });
  },
  crowded: (history) => {
    history.add({ kind: "rules", policy: "single" });
    history.add({ kind: "united" });
    for (const [link, device] of ["ann/1", "ann/2"].entries()) {
      history.add({ kind: "opened", device, userId: "ann", author: "sdk", saved: [] });
      history.add({ kind: "online", device, epoch: "e1", link, node: 0 });
    }
    history.at += 6_000;
    history.add({ kind: "quiet", problems: [] });
  },
  stuck: (history) => {
    history.add({ kind: "quiet", problems: [{ what: "close_hangs", who: "server" }] });
  },
};

/** Other ways to break the same promises. */
const worse: readonly (readonly [expected: string, name: string, write: (history: HandMade) => void])[] = [
  [
    "lost",
    "a client gives up with an answer that asks for a repeat",
    (history) => {
      history.refuse(history.compose("ann", to("bob")), "out_of_order");
    },
  ],
  [
    "duplicate",
    "one act of composing is stored as two messages",
    (history) => {
      const composed = history.deliver("ann", to("bob"));
      const again = { ...composed, messageId: "another" };
      history.store(again);
      for (const userId of ["ann", "bob"]) history.show(userId, again);
    },
  ],
  [
    "aborted-read",
    "an item is shown that no storage holds",
    (history) => {
      history.deliver("ann", to("bob"));
      history.show("bob", history.compose("ann", to("bob")));
    },
  ],
  [
    "leaked",
    "something composed after an acknowledged removal reaches the removed user",
    (history) => {
      for (const kind of ["adding", "added", "removing", "removed"] as const) history.change(kind, "cat");
      history.deliver("ann", toGroup);
    },
  ],
  [
    "torn",
    "something composed after an acknowledged addition passes the new member by",
    (history) => {
      history.stays.pop();
      for (const kind of ["adding", "added"] as const) history.change(kind, "cat");
      history.deliver("ann", toGroup);
    },
  ],
  [
    "ack-changed",
    "a message is acknowledged after it was refused",
    (history) => {
      const { operation } = history.compose("ann", to("bob"));
      const answer = { kind: "answer", operation, device: "ann/1", epoch: "e1" } as const;
      history.add({ ...answer, messageId: null, seq: 0, code: "blocked" });
      history.add({ ...answer, messageId: null, seq: 0, code: "not_member" });
    },
  ],
  [
    "lost",
    "what the sender still has is not put back after a restore",
    (history) => {
      const backup = history.backUp();
      history.deliver("ann", to("bob"));
      history.restore(backup);
    },
  ],
  [
    "locked-out",
    "a client ends for good and nobody asked it to",
    (history) => {
      history.deliver("ann", to("bob"));
      history.add({ kind: "gave_up", device: "bob/1", closeCode: 4409, message: "a newer login took the place" });
    },
  ],
  [
    "duplicate",
    "an item is shown again after a restore",
    (history) => {
      const composed = history.deliver("ann", to("bob"));
      history.restore(history.backUp());
      history.show("bob", composed);
    },
  ],
];

/** What may happen. */
const good: readonly (readonly [name: string, write: (history: HandMade) => void])[] = [
  [
    "messages go to and fro, in a group too",
    (history) => {
      history.deliver("ann", to("bob"));
      history.deliver("bob", to("ann"));
      history.deliver("cat", toGroup);
      history.deliver("ann", to("ann"));
    },
  ],
  ["a refused message is nowhere", (history) => history.refuse(history.compose("ann", toGroup))],
  [
    "a message of unknown outcome is stored after all",
    (history) => {
      const composed = history.compose("ann", to("bob"));
      history.add({ kind: "unknown", operation: composed.operation });
      history.store(composed);
      for (const userId of ["ann", "bob"]) history.show(userId, composed);
    },
  ],
  [
    "an application starts again and shows what its store held",
    (history) => {
      const first = history.deliver("ann", to("bob"));
      const second = history.deliver("ann", to("bob"));
      history.open("bob", [history.itemOf("bob", first)]);
      history.show("bob", second);
    },
  ],
  [
    "a member who left gets what came before, and nothing after",
    (history) => {
      history.deliver("ann", toGroup);
      for (const kind of ["removing", "removed"] as const) history.change(kind, "cat");
      history.stays[2] = { userId: "cat", joinedSeq: 0, leftSeq: 1 };
      history.deliver("ann", toGroup);
    },
  ],
  [
    "after a restore an acknowledged message is put back by its sender, behind others, and shown once",
    (history) => {
      history.deliver("ann", to("bob"));
      const backup = history.backUp();
      const lost = history.deliver("ann", to("bob"));
      history.restore(backup);
      history.deliver("bob", to("ann"));
      history.store(lost);
    },
  ],
  [
    "after a restore a message that its sender may no longer send is refused",
    (history) => {
      const backup = history.backUp();
      const lost = history.deliver("ann", toGroup);
      history.restore(backup);
      history.refuse({ ...lost });
    },
  ],
  [
    "a device that is offline, or a storage in trouble, makes nobody stale",
    (history) => {
      const composed = history.compose("ann", to("bob"));
      history.store(composed);
      history.show("ann", composed);
      history.add({ kind: "offline", device: "bob/1" });
      history.at += 31_000;
      history.add({ kind: "trouble" });
      history.add({ kind: "online", device: "bob/1", epoch: "e1" });
      history.at += 31_000;
      history.add({ kind: "calm" });
      history.show("bob", composed);
    },
  ],
  [
    "an application repeats its key after a restore that lost the refusal",
    (history) => {
      const backup = history.backUp();
      const composed = history.compose("ann", toGroup, "server");
      history.add({ kind: "refused", operation: composed.operation, code: "not_member" });
      history.restore(backup);
      history.store(composed);
      for (const userId of ["ann", "bob", "cat"]) history.show(userId, composed);
    },
  ],
];

const judge = (write: (history: HandMade) => void): string[] => {
  const history = new HandMade();
  write(history);
  return history.classes();
};

describe("the checker", () => {
  it.each(VIOLATION_CLASSES)("finds %s, and only that, in a history made for it", (expected) => {
    expect(judge(bad[expected])).toEqual([expected]);
  });

  it.each(worse)("calls it %s when %s", (expected, _name, write) => {
    expect(judge(write)).toEqual([expected]);
  });

  it.each(good)("finds nothing when %s", (_name, write) => {
    expect(judge(write)).toEqual([]);
  });
});
