import { latencyFigures } from "./measures.js";
import type { Ordeal } from "./ordeal.js";

const ROUNDS = 20;
const WITHIN_MS = 10_000;

/** How fast a login takes the place of another one. */
export const single: Ordeal = {
  name: "single",
  about: "where one device is allowed, a login on one node ends the session on the other",
  clients: 2,
  messagesPerSecond: 0,
  devicePolicy: "single",
  isPrivate: true,
  run: async (stage) => {
    const { pinned } = stage;
    const seats = [pinned.seat("ann/1", 0), pinned.seat("ann/2", 1)] as const;
    const isIn = (id: string): boolean => pinned.nodeOf(id) !== null;
    seats[0].start();
    await stage.until("the first is signed in", WITHIN_MS, () => isIn("ann/1"));
    const logins: number[] = [];
    const kicks: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const [newcomer, other] = [seats[round % 2 === 1 ? 1 : 0], seats[round % 2 === 1 ? 0 : 1]];
      newcomer.start();
      logins.push(await stage.until("the newcomer is signed in", WITHIN_MS, () => isIn(newcomer.id)));
      kicks.push(await stage.until("the other one is out", WITHIN_MS, () => other.isSidelined));
    }
    return [
      ...latencyFigures("login in another one's place", logins),
      ...latencyFigures("from that login until the other one was out", kicks, { max: 1_000 }),
    ];
  },
};
