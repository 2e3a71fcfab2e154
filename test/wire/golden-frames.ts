/** One example of every frame and the bytes it must always be. */

import type { ClientFrame, ServerFrame } from "../../src/core/frames.js";
import type { Message } from "../../src/core/model.js";

/** A frame, what the example shows, and its bytes in hex. */
export type Golden<Frame> = readonly [shows: string, frame: Frame, hex: string];

const hi = Uint8Array.of(0x68, 0x69);
const bytesFrom = (first: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => first + i);

/** What user 7 wrote to user alice. */
export const HI: Message = {
  messageId: "00112233445566770000000000000005",
  senderId: "7",
  target: { kind: "single", id: "alice" },
  type: 1,
  content: hi,
  conversationSeq: 1,
  serverTime: 1_700_000_000_000,
  clientTime: 1_699_999_999_000,
};

/** What the system said in group 42. */
export const NEWS: Message = {
  ...HI,
  senderId: null,
  target: { kind: "group", id: "42" },
  type: 1000,
  content: new Uint8Array(),
  clientTime: 0,
};

const login = { kind: "login", syncEpoch: "", caps: 0, deviceKind: "", cursor: 0 } as const;
const uplink = { kind: "uplink", clientId: 5, afterClientId: 0, sessionType: 1, sender: "", type: 1 } as const;
const page = {
  kind: "sync_page",
  hasMore: false,
  throughSeq: 0,
  headSeq: 0,
  floorSeq: 0,
  syncEpoch: "",
  reset: false,
} as const;

/** Client to server: one Input each. */
export const CLIENT_GOLDEN: readonly Golden<ClientFrame>[] = [
  ["a legacy login", { ...login, token: "t", instanceId: null, cursorMessageId: null }, "080112030a0174"],
  [
    "a full login",
    {
      ...login,
      token: "t",
      instanceId: bytesFrom(0),
      cursor: 300,
      cursorMessageId: HI.messageId,
      syncEpoch: "e1",
      caps: 1,
      deviceKind: "phone",
    },
    "080112370a01745210000102030405060708090a0b0c0d0e0f58ac02620265316801720570686f6e657a1000112233445566770000000000000005",
  ],
  ["a legacy heartbeat", { kind: "heartbeat", cursor: 0, headSeq: 0, serverTime: 0 }, "0802"],
  ["a heartbeat", { kind: "heartbeat", cursor: 300, headSeq: 0, serverTime: 0 }, "0802120350ac02"],
  [
    "a message to the id alice",
    { ...uplink, receiver: "alice", content: hi, clientTime: 1_699_999_999_000 },
    "0803121a0a16080120012a0268695a05616c6963657098c895ffbc311005",
  ],
  [
    "a message to the id 42 with a predecessor",
    {
      ...uplink,
      sessionType: 2,
      receiver: "42",
      sender: "7",
      content: hi,
      clientTime: 0,
      clientId: 2 ** 53 - 1,
      afterClientId: 4,
    },
    "080312190a0c0802102a180720012a02686910ffffffffffffff0f5004",
  ],
  ["a push ack", { kind: "push_ack", cursor: 300 }, "08041205080218ac02"],
  ["a sync request", { kind: "sync", seq: 300, limit: 50, syncEpoch: "e1" }, "0805120908ac0250325a026531"],
  ["a fresh token", { kind: "token", token: "t2" }, "080812040a027432"],
];

/** Server to client: one Output each. */
export const SERVER_GOLDEN: readonly Golden<ServerFrame>[] = [
  [
    "a login ack",
    {
      kind: "login_ack",
      userId: "7",
      seq: 300,
      headSeq: 301,
      syncEpoch: "e1",
      serverTime: 1_700_000_000_000,
      heartbeatMs: 25_000,
      reset: true,
      origin: "0011223344556677",
    },
    "080410c8012228080318ac025208001122334455667758ad02620265316880d095ffbc317a01378001a8c301880101",
  ],
  [
    "an uplink ack",
    {
      kind: "uplink_ack",
      clientId: 5,
      seq: 301,
      messageId: HI.messageId,
      serverTime: 1_700_000_000_000,
      syncEpoch: "e1",
    },
    "080410c80122240801100518ad02521000112233445566770000000000000005620265316880d095ffbc31",
  ],
  [
    "a refusal",
    { kind: "nack", clientId: 5, code: "not_member", text: "no", retryAfterMs: 0, syncEpoch: "e1" },
    "080410f7071a026e6f22080804100562026531",
  ],
  [
    "a repeat request",
    { kind: "nack", clientId: 5, code: "busy", text: "later", retryAfterMs: 250, syncEpoch: "e1" },
    "080410f3071a056c61746572220b080410056202653170fa01",
  ],
  [
    "a push",
    { kind: "push", item: { seq: 301, message: HI } },
    "080310c80122380a360801180720012a0268693880d095ffbc315a05616c69636562100011223344556677000000000000000568017098c895ffbc3130ad02",
  ],
  [
    "a push from the system",
    { kind: "push", item: { seq: 302, message: NEWS } },
    "080310c80122270a250802102a20e8073880d095ffbc31621000112233445566770000000000000005680130ae02",
  ],
  [
    "a sync page",
    {
      ...page,
      code: null,
      items: [{ seq: 301, message: HI }],
      hasMore: true,
      throughSeq: 301,
      headSeq: 302,
      syncEpoch: "e1",
    },
    "080510c80122440a360801180720012a0268693880d095ffbc315a05616c69636562100011223344556677000000000000000568017098c895ffbc3130ad02100150ad0258ae026a026531",
  ],
  [
    "a failed sync",
    { ...page, code: "internal", items: [] },
    "080510ec071a22736f6d657468696e67206661696c656420696e736964652074686520736572766572",
  ],
  [
    "a heartbeat",
    { kind: "heartbeat", cursor: 0, headSeq: 302, serverTime: 1_700_000_000_000 },
    "080210c801220a58ae026080d095ffbc31",
  ],
  ["a goodbye", { kind: "go_away", reconnectAfterMs: 1500 }, "080610c801220308dc0b"],
  ["a kick", { kind: "kick", code: 4409, text: "replaced" }, "080710c801220d08b92212087265706c61636564"],
];
