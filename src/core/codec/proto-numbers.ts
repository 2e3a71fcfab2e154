/** The enums of `proto/im.proto` and the wire types of protobuf. */

/** `CmdType`: what an Input or Output holds. */
export const CMD = {
  login: 1,
  heartbeat: 2,
  message: 3,
  ack: 4,
  sync: 5,
  goAway: 6,
  kick: 7,
  token: 8,
} as const;

/** `ACKType`: what an ACKMsg answers. */
export const ACK = { up: 1, push: 2, login: 3, nack: 4 } as const;

/** `SessionType`: one user or a group. */
export const SESSION = { single: 1, group: 2 } as const;

/**
 * How a field's value is laid out: a base-128 number, 8 bytes, a length followed by that many bytes, fields up to the end
 * of the group, or 4 bytes.
 */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;
