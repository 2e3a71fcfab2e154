import type { Target } from "../../../src/core/model.js";
import { ackTimes, latencyFigures, showTimes } from "./measures.js";
import type { Figure, Ordeal } from "./ordeal.js";
import type { OrdealStage } from "./ordeal-stage.js";

const ROUNDS = 150;
const PAUSE_MS = 50;
const SETTLED_WITHIN_MS = 30_000;

/** What people on two nodes see of each other. */
export const twoNodes: Ordeal = {
  name: "two-nodes",
  about: "people on two nodes write to each other, alone and in a group; one of them has a device on each",
  clients: 4,
  messagesPerSecond: 0,
  isPrivate: true,
  run: async (stage) => {
    const { pinned } = stage;
    const seats = [pinned.seat("ann/1", 0), pinned.seat("ann/2", 1), pinned.seat("bob/1", 1), pinned.seat("cid/1", 0)];
    for (const seat of seats) seat.start();
    await stage.until("all are signed in", SETTLED_WITHIN_MS, () =>
      seats.every(({ id }) => pinned.nodeOf(id) !== null),
    );
    const [ann, , bob] = seats;
    const from = stage.now();
    const group: Target = { kind: "group", id: "friends" };
    for (let round = 0; round < ROUNDS; round++) {
      ann?.send({ kind: "single", id: "bob" }, "hello");
      bob?.send({ kind: "single", id: "ann" }, "hello yourself");
      await stage.pass(PAUSE_MS);
      (round % 2 === 0 ? ann : bob)?.send(group, "hello all");
      await stage.pass(PAUSE_MS);
    }
    await stage.until("everything is acknowledged", SETTLED_WITHIN_MS, () =>
      seats.every(({ waiting }) => waiting === 0),
    );
    await stage.until(
      "both devices have seen all",
      SETTLED_WITHIN_MS,
      () => streamOf(stage, "ann/1").length >= 3 * ROUNDS,
    );
    return figures(stage, from);
  },
};

function figures(stage: OrdealStage, from: number): Figure[] {
  const { events } = stage;
  const stretch = [from, stage.now()] as const;
  const isGroup = (conversation: string): boolean => conversation.startsWith("g ");
  const isSingle = (conversation: string): boolean => !isGroup(conversation);
  const [one, two] = [streamOf(stage, "ann/1"), streamOf(stage, "ann/2")];
  const differences = one.filter((each, index) => each !== two[index]).length + Math.abs(one.length - two.length);
  return [
    ...latencyFigures("single: composed to acknowledged", ackTimes(events, stretch, isSingle)),
    ...latencyFigures("group: composed to acknowledged", ackTimes(events, stretch, isGroup)),
    ...latencyFigures("single: composed to shown on the other node", showTimes(events, stretch, isSingle)),
    ...latencyFigures("group: composed to shown on all others", showTimes(events, stretch, isGroup)),
    { what: "items that two devices on two nodes have seen", value: one.length, unit: "" },
    { what: "of which not the same, or elsewhere", value: differences, unit: "", atMost: 0 },
  ];
}

/** What a device was shown, in its order. */
function streamOf({ events }: OrdealStage, device: string): string[] {
  return events.flatMap((event) =>
    event.kind === "shown" && event.device === device ? [`${event.item.seq} ${event.item.messageId}`] : [],
  );
}
