import { describe, expect, it } from "vitest";
import { to } from "./hand-made.js";
import { type Case, type HandMadeCluster, judge } from "./hand-made-cluster.js";

describe("the checker, where the newest login wins", () => {
  const cases: readonly Case[] = [
    [
      "a device is sent away because another one of its user has signed in",
      [],
      (history) => {
        history.signIn("eve/1");
        history.signIn("eve/2", 1);
        history.replace("eve/1");
      },
    ],
    [
      "a device is sent away, and nobody else has signed in",
      ["locked-out"],
      (history) => {
        history.signIn("eve/1");
        history.replace("eve/1");
      },
    ],
    [
      "a device is sent away by a login that was there before it",
      ["locked-out"],
      (history) => {
        history.signIn("eve/2", 1);
        history.signIn("eve/1");
        history.replace("eve/1");
      },
    ],
    [
      "a device is sent away by a login that was held up until then",
      [],
      (history) => {
        const link = history.knock("eve/2", 1);
        history.signIn("eve/1");
        history.add({ kind: "online", device: "eve/2", epoch: "e1", link, node: 1 });
        history.replace("eve/1");
      },
    ],
    [
      "two devices stay side by side while all nodes are well",
      ["crowded"],
      (history) => {
        history.add({ kind: "united" });
        history.signIn("eve/1");
        history.signIn("eve/2", 1);
        history.at += 6_000;
        history.quiet();
      },
    ],
    [
      "two devices stay side by side while nodes do not hear each other",
      [],
      (history) => {
        history.signIn("eve/1");
        history.signIn("eve/2", 1);
        history.at += 6_000;
        history.quiet();
      },
    ],
  ];

  it.each(cases)("when %s: %s", (_, expected, write) => {
    expect(judge("single", write)).toEqual(expected);
  });
});

describe("the checker, where whoever is there keeps others out", () => {
  const crash = (history: HandMadeCluster, ms: number): void => {
    history.signIn("eve/1");
    history.add({ kind: "crash", node: 0 });
    history.add({ kind: "offline", device: "eve/1" });
    history.at += ms;
    history.turnAway("eve/2");
  };
  const cases: readonly Case[] = [
    [
      "somebody is kept out while their other device is there",
      [],
      (history) => {
        history.signIn("eve/1");
        history.turnAway("eve/2");
      },
    ],
    [
      "somebody is kept out, and has no other device",
      ["locked-out"],
      (history) => {
        history.signIn("eve/1");
        history.turnAway("ann/1");
      },
    ],
    [
      "somebody is kept out long after their other device has left",
      ["locked-out"],
      (history) => {
        const link = history.signIn("eve/1");
        history.add({ kind: "left", device: "eve/1", link });
        history.at += 6_000;
        history.turnAway("eve/2");
      },
    ],
    [
      "somebody is kept out then because the book of sessions could not be kept",
      [],
      (history) => {
        const link = history.signIn("eve/1");
        history.add({ kind: "book_harmed" });
        history.add({ kind: "left", device: "eve/1", link });
        history.add({ kind: "book_kept" });
        history.at += 50_000;
        history.turnAway("eve/2");
      },
    ],
    ["I14: somebody is kept out as long as nobody has missed a dead node", [], (history) => crash(history, 10_000)],
    ["I14: somebody is kept out longer than that", ["locked-out"], (history) => crash(history, 16_000)],
    [
      "a device is let in beside another one while all nodes are well",
      ["crowded"],
      (history) => {
        history.add({ kind: "united" });
        history.signIn("eve/1");
        history.signIn("eve/2", 1);
        history.quiet();
      },
    ],
  ];

  it.each(cases)("when %s: %s", (_, expected, write) => {
    expect(judge("reject-new", write)).toEqual(expected);
  });
});

describe("the checker, with several nodes", () => {
  const late = (history: HandMadeCluster, before: () => void, ms = 7_000): void => {
    history.signIn("bob/1", 1);
    before();
    const composed = history.compose("ann", to("bob"));
    history.store(composed);
    history.show("ann", composed);
    history.add({ kind: "hinted", userId: "bob", seq: 1, node: 0 });
    history.at += ms;
    history.show("bob", composed);
  };
  const cases: readonly Case[] = [
    [
      "an item is late that another node knew, and all is well",
      ["stale"],
      (h) => late(h, () => h.add({ kind: "united" })),
    ],
    ["an item is late that another node knew, and all is not", [], (h) => late(h, () => undefined)],
    [
      "I12: an item is late on a node that knows that it is cut off",
      ["stale"],
      (h) =>
        late(h, () => {
          h.add({ kind: "cut_off", node: 1 });
          h.at += 15_000;
        }),
    ],
    [
      "an item is late on a node that was cut off just now",
      [],
      (h) => late(h, () => h.add({ kind: "cut_off", node: 1 })),
    ],
    [
      "a message is not answered for long",
      ["stale"],
      (h) => {
        const link = h.signIn("ann/1");
        h.add({ kind: "uplink", device: "ann/1", link });
        h.at += 6_000;
        h.add({ kind: "answered", device: "ann/1", link });
      },
    ],
    [
      "a message is not answered for long on a link that is no more",
      [],
      (h) => {
        const link = h.signIn("ann/1");
        h.add({ kind: "uplink", device: "ann/1", link });
        h.add({ kind: "offline", device: "ann/1" });
        h.at += 6_000;
        h.quiet();
      },
    ],
    [
      "I14: a login is not answered for long",
      ["locked-out"],
      (h) => {
        h.knock("ann/1");
        h.at += 6_000;
        h.quiet();
      },
    ],
    [
      "I14: a login is not answered for long by a node that stands still",
      [],
      (h) => {
        h.add({ kind: "frozen", node: 0 });
        h.knock("ann/1", 0);
        h.at += 6_000;
        h.quiet();
      },
    ],
    [
      "K1: a record is taken that nothing has decided",
      ["lost"],
      (h) => h.add({ kind: "dropped", messageId: "m1", node: 2 }),
    ],
    [
      "K2: a record that nobody can read is taken, and not put aside",
      ["lost"],
      (h) => h.add({ kind: "dropped", messageId: null, node: 2 }),
    ],
    [
      "I17: a node takes long to close",
      ["stuck"],
      (h) => {
        h.add({ kind: "draining", node: 1 });
        h.at += 5_000;
        h.add({ kind: "drained", node: 1 });
      },
    ],
    [
      "a node takes long to close, and is killed",
      [],
      (h) => {
        h.add({ kind: "draining", node: 1 });
        h.at += 5_000;
        h.add({ kind: "crash", node: 1 });
        h.add({ kind: "draining", node: 1 });
        h.add({ kind: "drained", node: 1 });
      },
    ],
    [
      "the queue brings the same for ever",
      ["stuck"],
      (h) => h.add({ kind: "quiet", problems: [{ what: "queue_hangs", who: "the queue" }] }),
    ],
  ];

  it.each(cases)("when %s: %s", (_, expected, write) => {
    expect(judge("multi", write)).toEqual(expected);
  });
});
