import type { HistoryEvent, OperationId } from "../../../src/testing/simulation/history.js";
import { type Latency, latencyOf } from "../report/latency.js";
import type { Figure } from "./ordeal.js";

/** From when until when, ms. */
export type Stretch = readonly [number, number];

/** Bounds of figures, by their names. */
interface Bounds {
  readonly p50?: number;
  readonly p99?: number;
  readonly max?: number;
}

/** A latency as figures. */
export function latencyFigures(what: string, values: readonly number[], bounds: Bounds = {}): Figure[] {
  const latency = latencyOf(values);
  const one = (name: keyof Bounds & keyof Latency): Figure => {
    const atMost = bounds[name];
    return { what: `${what}, ${name}`, value: latency[name], unit: "ms", ...(atMost === undefined ? {} : { atMost }) };
  };
  return [{ what: `${what}, number`, value: latency.count, unit: "" }, one("p50"), one("p99"), one("max")];
}

/** A duration as a figure. */
export function duration(what: string, ms: number, atMost?: number): Figure {
  return { what, value: ms, unit: "ms", ...(atMost === undefined ? {} : { atMost }) };
}

/** From composing to the ACK, of what was composed in a stretch. @param isMeant of a conversation */
export function ackTimes(
  events: readonly HistoryEvent[],
  [from, to]: Stretch,
  isMeant = (_: string) => true,
): number[] {
  const composed = composedIn(events, [from, to], isMeant);
  return events.flatMap((event) => {
    const at = event.kind === "ack" ? composed.get(event.operation) : undefined;
    return at === undefined ? [] : [event.at - at];
  });
}

/** From composing until somebody else's device shows it, of what was composed in a stretch. */
export function showTimes(events: readonly HistoryEvent[], stretch: Stretch, isMeant = (_: string) => true): number[] {
  const composed = composedIn(events, stretch, isMeant);
  return events.flatMap((event) => {
    if (event.kind !== "shown" || event.item.senderId === event.userId) return [];
    const at = composed.get(event.item.operation);
    return at === undefined ? [] : [event.at - at];
  });
}

/** The longest that each client waited for an ACK of what it composed in a stretch. */
export function longestWaits(events: readonly HistoryEvent[], stretch: Stretch): number[] {
  const composed = composedIn(events, stretch, () => true);
  const longest = new Map<string, number>();
  for (const event of events) {
    const at = event.kind === "ack" ? composed.get(event.operation) : undefined;
    if (event.kind !== "ack" || at === undefined) continue;
    const device = event.operation.slice(0, event.operation.lastIndexOf("."));
    longest.set(device, Math.max(longest.get(device) ?? 0, event.at - at));
  }
  return [...longest.values()];
}

/** When each of these messages was composed. */
export function composedIn(
  events: readonly HistoryEvent[],
  [from, to]: Stretch,
  isMeant: (conversation: string) => boolean,
): Map<OperationId, number> {
  const found = new Map<OperationId, number>();
  for (const event of events) {
    if (event.kind !== "invoke" || event.author === "server") continue;
    if (event.at >= from && event.at < to && isMeant(event.conversation)) found.set(event.operation, event.at);
  }
  return found;
}
