import type { HistoryEvent, OperationId } from "../../../src/testing/simulation/history.js";

/** How long something took, ms. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The value below which the share `q` of the (ascending) values lies; 0 without any. */
export function quantileOf(ascending: readonly number[], q: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * q))] ?? 0;
}

/** Sums values up. */
export function latencyOf(values: readonly number[]): Latency {
  const ascending = [...values].sort((a, b) => a - b);
  const [p50, p99] = [quantileOf(ascending, 0.5), quantileOf(ascending, 0.99)];
  return { count: ascending.length, p50, p99, max: ascending.at(-1) ?? 0 };
}

/** From composing to the acknowledgement, of every message that has one, whatever was in between. */
export function ackLatencies(events: readonly HistoryEvent[]): number[] {
  const composedAt = new Map<OperationId, number>();
  const found: number[] = [];
  for (const event of events) {
    if (event.kind === "invoke" && event.device !== null) composedAt.set(event.operation, event.at);
    if (event.kind !== "ack") continue;
    const at = composedAt.get(event.operation);
    if (at !== undefined) found.push(event.at - at);
  }
  return found;
}
