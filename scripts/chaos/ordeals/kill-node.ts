import type { DeviceId, HistoryEvent } from "../../../src/testing/simulation/history.js";
import { composedIn, latencyFigures } from "./measures.js";
import type { Figure, Ordeal } from "./ordeal.js";

const BEFORE_MS = 5_000;
const WITHIN_MS = 30_000;
const VICTIM = 0;

/** What the users of a node that dies notice. */
export const killNode: Ordeal = {
  name: "kill-node",
  about: "one of three nodes is killed (kill -9) while everybody writes",
  clients: 40,
  messagesPerSecond: 2,
  run: async (stage) => {
    const { crowd, site } = stage;
    await stage.pass(BEFORE_MS);
    const hit = crowd.seats.map(({ id }) => id).filter((id) => crowd.nodeOf(id) === VICTIM);
    const at = stage.now();
    await site.nodes[VICTIM]?.kill();
    const isServed = (id: DeviceId): boolean => after(stage.events, id, at).pushedMs !== null;
    await stage.until("all of them are served again", WITHIN_MS, () => hit.every(isServed));
    return figures(hit, stage.events, at);
  },
};

function figures(hit: readonly DeviceId[], events: readonly HistoryEvent[], at: number): Figure[] {
  const found = hit.map((id) => after(events, id, at));
  return [
    { what: "clients of the node that was killed", value: hit.length, unit: "" },
    ...latencyFigures(
      "login on another node, from asking",
      found.map(({ loginMs }) => loginMs ?? 0),
      { max: 1_000 },
    ),
    ...latencyFigures(
      "from the kill to being signed in elsewhere",
      found.map(({ onlineMs }) => onlineMs ?? 0),
    ),
    ...latencyFigures(
      "from the kill to the first new message pushed",
      found.map(({ pushedMs }) => pushedMs ?? 0),
      { max: 12_000 },
    ),
  ];
}

interface After {
  /** From its last knock to being signed in. */
  readonly loginMs: number | null;
  readonly onlineMs: number | null;
  /** Until it has seen something that was composed when it was signed in again: that was no catching up. */
  readonly pushedMs: number | null;
}

/** What became of a device since a moment. */
function after(events: readonly HistoryEvent[], device: DeviceId, at: number): After {
  const own = events.filter((event) => event.at >= at && "device" in event && event.device === device);
  const online = own.find(({ kind }) => kind === "online");
  if (online === undefined) return { loginMs: null, onlineMs: null, pushedMs: null };
  const knocked = own.filter(({ kind, at: when }) => kind === "knocked" && when <= online.at).at(-1);
  const fresh = composedIn(events, [online.at, Number.POSITIVE_INFINITY], () => true);
  const pushed = own.find((event) => event.kind === "shown" && fresh.has(event.item.operation));
  return {
    loginMs: online.at - (knocked?.at ?? at),
    onlineMs: online.at - at,
    pushedMs: pushed === undefined ? null : pushed.at - at,
  };
}
