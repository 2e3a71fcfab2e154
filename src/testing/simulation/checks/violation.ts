import type { DeviceId, OperationId } from "../history.js";

/** The ways to break the contract. Each has its own hand-made bad history in the tests. */
export const VIOLATION_CLASSES = [
  "lost",
  "unseen",
  "duplicate",
  "skip",
  "nonmonotonic",
  "inconsistent",
  "aborted-read",
  "torn",
  "leaked",
  "forged",
  "reordered",
  "ack-changed",
  "stale",
  "locked-out",
  "crowded",
  "stuck",
] as const;

/**
 * `lost`: acknowledged and gone, or never settled. `unseen`: stored, and a device never shows it. `duplicate`: stored or
 * shown twice. `skip`: shown beyond something that was not. `nonmonotonic`: shown after something later.
 * `inconsistent`: one position or one message is different in two places. `aborted-read`: refused, or not stored, and yet
 * there. `torn`: in some inboxes of its audience only. `leaked`: in the inbox of someone outside it. `forged`: not what
 * its sender composed. `reordered`: against the order of its sender, or of the other members. `ack-changed`: two answers
 * for one message. `stale`: a connected client waited too long. `locked-out`: nobody let them in, or somebody
 * sent them away. `crowded`: signed in beside a device that the rules do not allow, or in spite of being disconnected. `stuck`: the server does
 * not close, or the queue brings the same for ever.
 */
export type ViolationClass = (typeof VIOLATION_CLASSES)[number];

/** One breach of the contract. */
export interface Violation {
  readonly class: ViolationClass;
  /** What was seen, for people. */
  readonly text: string;
  readonly operation?: OperationId;
  readonly device?: DeviceId;
}
