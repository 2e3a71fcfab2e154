import { encodeClientFrame } from "../core/codec.js";
import type { UserId } from "../core/model.js";
import { uplinkFrame } from "./client-frames.js";
import type { Outbox } from "./outbox.js";

/**
 * Client id of the uplink under way with the largest frame; `null` when none is. If the server ended the connection
 * because of a frame above its limit, this one is above it too, so it was certainly not stored.
 */
export function largestUplink(outbox: Outbox, userId: UserId | null): number | null {
  let largest: number | null = null;
  let most = 0;
  for (const { entry, after } of outbox.underWay()) {
    const { byteLength } = encodeClientFrame(uplinkFrame(entry, after, userId));
    if (byteLength > most) [largest, most] = [entry.clientId, byteLength];
  }
  return largest;
}
