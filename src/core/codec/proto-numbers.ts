/** The enums of `proto/im.proto` and the two wire types it uses. */

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

/** How a field's value is laid out: a base-128 number, or a length followed by that many bytes. */
export const WIRE = { varint: 0, bytes: 2 } as const;
