import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/adapters/contracts/index.js";
import { decodeNotices, encodeNotices } from "../../../src/server/cluster/notice-codec.js";
import type { NoticeBatch } from "../../../src/server/cluster/notices.js";
import { loadProto } from "../../wire/reflection.js";

const ID = "00112233445566778899aabbccddeeff";
const receipt = { messageId: ID, senderSeq: 7, conversationSeq: 8, serverTime: 1_700_000_000_000 };
const OUTCOMES: readonly Outcome[] = [
  { kind: "stored", receipt, fresh: null },
  { kind: "refused", code: "not_member" },
  { kind: "out_of_order" },
  { kind: "stale" },
];
const BATCH: NoticeBatch = {
  syncEpoch: "epoch",
  news: [
    { userId: "ann", seq: 1 },
    { userId: "~!{}", seq: Number.MAX_SAFE_INTEGER },
  ],
  outcomes: OUTCOMES.map((outcome) => ({ messageId: ID, syncEpoch: "epoch", outcome })),
  kicks: [{ userId: "bob", connection: 12, code: 4409, text: "signed in on another device", olderThanMs: 7_000 }],
  dismissals: [{ userId: "eve", reason: "revoked", olderThanMs: 300 }],
  rechecks: ["cid", "~!{}"],
};
const NOTHING: NoticeBatch = { syncEpoch: "", news: [], outcomes: [], kicks: [], dismissals: [], rechecks: [] };

describe("what nodes tell each other", () => {
  it("comes out as it went in", () => {
    expect(decodeNotices(encodeNotices(BATCH))).toEqual(BATCH);
    expect(decodeNotices(encodeNotices(NOTHING))).toEqual(NOTHING);
  });

  it("is what proto/node.proto says", () => {
    const type = loadProto("node.proto").lookupType("pb.NoticeBatch");
    const plain = type.toObject(type.decode(encodeNotices(BATCH)), { longs: Number, enums: String });
    expect(plain).toMatchObject({
      sync_epoch: "epoch",
      news: [{ user_id: "ann", seq: 1 }, { user_id: "~!{}" }],
      outcomes: [
        { kind: "OC_Stored", sender_seq: 7, conversation_seq: 8 },
        { kind: "OC_Refused", code: 1015 },
        { kind: "OC_OutOfOrder" },
        { kind: "OC_Stale" },
      ],
      kicks: [{ connection: 12, code: 4409, user_id: "bob", older_than_ms: 7_000 }],
      dismissals: [{ user_id: "eve", reason: "revoked", older_than_ms: 300 }],
      rechecks: ["cid", "~!{}"],
    });
  });

  it("of a kind nobody here knows is passed over", () => {
    const type = loadProto("node.proto").lookupType("pb.NoticeBatch");
    const bytes = type
      .encode(type.fromObject({ outcomes: [{ message_id: Buffer.from(ID, "hex"), kind: 99 }] }))
      .finish();
    expect(decodeNotices(bytes).outcomes).toEqual([]);
  });

  it("and makes no sense throws, whatever bytes they are", () => {
    expect(() => decodeNotices(new Uint8Array([0x12, 0xff]))).toThrow();
  });
});
