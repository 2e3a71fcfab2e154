/** Every bound of a server. What happens when one is reached stands beside it. */
export interface Limits {
  /** Largest WebSocket message taken, bytes. Default 65,536. Beyond: close 4413. */
  readonly maxFrameBytes: number;
  /** Largest content of a message, bytes. Default 32,768. Beyond: the message is refused, `too_large`. */
  readonly maxContentBytes: number;
  /** Lasting rate of uplinks per connection. Default 20. Beyond: the socket is read more slowly, nothing is lost. */
  readonly uplinksPerSecond: number;
  /** Uplinks a connection may send at once after being quiet. Default 40. */
  readonly uplinkBurst: number;
  /** Uplinks of one connection under way at a time. Default 32. Beyond: the socket is not read until one is answered. */
  readonly window: number;
  /** Time to log in after connecting, ms. Default 5,000. Beyond: close 4401. */
  readonly loginTimeoutMs: number;
  /** How often a client says it is alive, ms. Default 25,000. Silent for two of them: close 4408. */
  readonly heartbeatMs: number;
  /**
   * Where other processes write into the same storage: the longest time until a client here hears of what was committed there,
   * ms. Default 2,000. Every so often the heads of all connected users are read, 500 in one statement.
   */
  readonly pollHeadsMs: number;
  /** A client that takes nothing of what waits for it for so long is closed with 4508, ms. Default 30,000. */
  readonly stallTimeoutMs: number;
  /** Bytes waiting in one socket above which its pump stops (and goes on from storage below half). Default 262,144. */
  readonly maxBufferedBytes: number;
  /** Bytes waiting in all sockets above which every pump stops at 16 KiB. Default 268,435,456. */
  readonly maxNodeBufferedBytes: number;
  /** Items a client may be behind its own acknowledgement before its pump waits. Default 2,000. */
  readonly maxUnacknowledged: number;
  /** Members of a group. Default and highest value 2,000. Beyond: adding is refused, `too_large`. */
  readonly maxGroupMembers: number;
  /** Groups a user is in. Default 500. Beyond: creating and adding are refused, `too_large`. */
  readonly maxGroupsPerUser: number;
  /** Friends of a user. Default 5,000. Beyond: adding is refused, `too_large`. */
  readonly maxFriends: number;
  /** Users somebody has blocked. Default 5,000. Beyond: blocking is refused, `too_large`. */
  readonly maxBlocked: number;
  /** Connected devices of a user. Default 50. Beyond: the oldest is replaced, close 4409. */
  readonly maxDevicesPerUser: number;
  /** Sockets of one address that have not logged in. Default 20. Beyond: HTTP 429. */
  readonly unauthenticatedPerAddress: number;
  /** Sockets of the node that have not logged in. Default 1,000. Beyond: HTTP 503. */
  readonly unauthenticatedTotal: number;
  /**
   * Uplinks waiting for a commit, bytes (content and 512 for each). Default 67,108,864. Beyond: uplinks are answered `busy`. As much
   * again may wait for a queue, where there is one; beyond that uplinks go past it.
   */
  readonly maxQueuedBytes: number;
}

/** The values that hold where an application says nothing. */
export const DEFAULT_LIMITS: Limits = {
  maxFrameBytes: 65_536,
  maxContentBytes: 32_768,
  uplinksPerSecond: 20,
  uplinkBurst: 40,
  window: 32,
  loginTimeoutMs: 5_000,
  heartbeatMs: 25_000,
  pollHeadsMs: 2_000,
  stallTimeoutMs: 30_000,
  maxBufferedBytes: 262_144,
  maxNodeBufferedBytes: 268_435_456,
  maxUnacknowledged: 2_000,
  maxGroupMembers: 2_000,
  maxGroupsPerUser: 500,
  maxFriends: 5_000,
  maxBlocked: 5_000,
  maxDevicesPerUser: 50,
  unauthenticatedPerAddress: 20,
  unauthenticatedTotal: 1_000,
  maxQueuedBytes: 67_108_864,
};
