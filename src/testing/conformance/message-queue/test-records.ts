import type { QueueRecord } from "../../../adapters/contracts/message-queue.js";
import { assertEqual } from "../assert.js";

/** A record whose value is a number. */
export function recordOf(key: string, n: number): QueueRecord {
  return { key, value: Uint8Array.of(n >> 8, n & 0xff) };
}

/** The number in a record's value. */
export function numberIn({ value }: QueueRecord): number {
  const [high = 0, low = 0] = value;
  return high * 256 + low;
}

/** `perKey` records of each of `keys` keys, numbered from 0 within each key, keys taking turns. */
export function mixedRecords(keys: number, perKey: number): QueueRecord[] {
  return Array.from({ length: keys * perKey }, (_, i) => recordOf(`s user-${i % keys} bob`, Math.floor(i / keys)));
}

/** Whether `brought` has every one of `published`, once or more. */
export function hasAll(brought: readonly QueueRecord[], published: readonly QueueRecord[]): boolean {
  const names = new Set(brought.map(nameOf));
  return published.every((record) => names.has(nameOf(record)));
}

/** Throws unless, repetitions left out, the records of each key came in the order of their numbers. */
export function assertOrder(brought: readonly QueueRecord[]): void {
  const seen = new Set<string>();
  const byKey = new Map<string, number[]>();
  for (const record of brought) {
    if (!seen.has(nameOf(record))) byKey.set(record.key, [...(byKey.get(record.key) ?? []), numberIn(record)]);
    seen.add(nameOf(record));
  }
  for (const [key, numbers] of byKey)
    assertEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
      `the order of "${key}"`,
    );
}

function nameOf(record: QueueRecord): string {
  return `${record.key} #${numberIn(record)}`;
}
