import { describe, expect, it } from "vitest";
import type { Uplink } from "../../../src/adapters/contracts/index.js";
import { decodeQueuedUplink, encodeQueuedUplink } from "../../../src/server/delivery/uplink-codec.js";
import { loadProto } from "../../wire/reflection.js";

const UPLINK: Uplink = {
  messageId: "00112233445566778899aabbccddeeff",
  afterId: "00112233445566778899aabbccddee00",
  senderId: "ann",
  target: { kind: "group", id: "42" },
  type: 1,
  content: new Uint8Array([1, 2, 3]),
  clientTime: -5,
  serverTime: 1_700_000_000_000,
  syncEpoch: "epoch",
  refuse: "blocked",
};
const BARE: Uplink = {
  ...UPLINK,
  afterId: null,
  senderId: null,
  target: { kind: "single", id: "bob" },
  content: new Uint8Array(),
  syncEpoch: null,
  refuse: null,
};

describe("an uplink in a queue", () => {
  it.each([
    ["with everything", UPLINK],
    ["of the system, with nothing", BARE],
  ])("comes out as it went in: %s", (_, uplink) => {
    expect(decodeQueuedUplink(encodeQueuedUplink({ origin: "node", uplink }))).toEqual({ origin: "node", uplink });
  });

  it("is what proto/queue.proto says", () => {
    const type = loadProto("queue.proto").lookupType("pb.QueuedUplink");
    const bytes = encodeQueuedUplink({ origin: "node", uplink: UPLINK });
    expect(type.toObject(type.decode(bytes), { longs: Number })).toMatchObject({
      origin: "node",
      sender_id: "ann",
      target_kind: 2,
      target_id: "42",
      refuse: 1016,
      sync_epoch: "epoch",
    });
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["noise", new Uint8Array([255, 255, 255])],
    [
      "an uplink without a receiver",
      encodeQueuedUplink({ origin: "node", uplink: { ...UPLINK, target: { kind: "group", id: "" } } }),
    ],
    [
      "an uplink to no possible id",
      encodeQueuedUplink({ origin: "n", uplink: { ...UPLINK, target: { kind: "group", id: "a b" } } }),
    ],
  ])("K2: is refused when it is %s, for the dead letters", (_, bytes) => {
    expect(() => decodeQueuedUplink(bytes)).toThrow();
  });
});
