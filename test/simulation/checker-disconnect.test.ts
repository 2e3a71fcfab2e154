import { describe, expect, it } from "vitest";
import { type Case, type HandMadeCluster, judge } from "./hand-made-cluster.js";

describe("the checker, where the application disconnects a user", () => {
  const leave = (history: HandMadeCluster, device: string): void => {
    history.add({ kind: "offline", device });
    history.add({ kind: "gave_up", device, closeCode: 4410, message: "disconnected" });
  };
  const cases: readonly Case[] = [
    [
      "their devices go",
      [],
      (history) => {
        history.add({ kind: "united" });
        history.signIn("eve/1");
        history.signIn("eve/2", 1);
        history.add({ kind: "disconnected", userId: "eve" });
        history.at += 1_000;
        leave(history, "eve/1");
        leave(history, "eve/2");
        history.quiet();
      },
    ],
    [
      "S12: one of their devices stays while all nodes are well",
      ["crowded"],
      (history) => {
        history.add({ kind: "united" });
        history.signIn("eve/1");
        history.signIn("eve/2", 1);
        history.add({ kind: "disconnected", userId: "eve" });
        leave(history, "eve/1");
        history.at += 2_500;
        leave(history, "eve/2");
      },
    ],
    [
      "one of their devices stays while nodes do not hear each other",
      [],
      (history) => {
        history.signIn("eve/1");
        history.add({ kind: "disconnected", userId: "eve" });
        history.at += 60_000;
        history.quiet();
      },
    ],
    [
      "a device of another user goes",
      ["locked-out"],
      (history) => {
        history.signIn("eve/1");
        history.signIn("dan/1");
        history.add({ kind: "disconnected", userId: "eve" });
        leave(history, "dan/1");
      },
    ],
    [
      "a device goes that did not know yet that it was signed in",
      [],
      (history) => {
        history.knock("eve/1");
        history.add({ kind: "disconnected", userId: "eve" });
        leave(history, "eve/1");
      },
    ],
    [
      "I14: a device goes that has signed in long after",
      ["locked-out"],
      (history) => {
        history.add({ kind: "disconnected", userId: "eve" });
        history.at += 10_000;
        history.signIn("eve/1");
        leave(history, "eve/1");
      },
    ],
    [
      "a device goes that has signed in since at a node that stood still",
      [],
      (history) => {
        history.add({ kind: "frozen", node: 1 });
        history.add({ kind: "disconnected", userId: "eve" });
        history.at += 10_000;
        history.add({ kind: "thawed", node: 1 });
        history.signIn("eve/1", 1);
        leave(history, "eve/1");
      },
    ],
  ];

  it.each(cases)("when %s: %s", (_, expected, write) => {
    expect(judge("multi", write)).toEqual(expected);
  });
});
