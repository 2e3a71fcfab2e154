import type { Outcome } from "../../adapters/contracts/index.js";
import { decodeText, encodeText } from "../../core/bytes.js";
import { hexOf, int, int32, messages, text, uint } from "../../core/codec/field-kinds.js";
import { Schema } from "../../core/codec/schema.js";
import { WIRE_CODES, wireCodeName } from "../../core/errors.js";
import type { NoticeBatch, OutcomeNotice } from "./notices.js";

/** `proto/node.proto`, field by field. */
const BATCH = new Schema("NoticeBatch", {
  syncEpoch: [1, text],
  news: [2, messages],
  outcomes: [3, messages],
  kicks: [4, messages],
  dismissals: [5, messages],
  rechecks: [6, messages],
});
const NEWS = new Schema("News", { userId: [1, text], seq: [2, uint] });
const OUTCOME = new Schema("OutcomeNotice", {
  messageId: [1, hexOf(0, 16)],
  syncEpoch: [2, text],
  kind: [3, int32],
  code: [4, int32],
  senderSeq: [5, uint],
  conversationSeq: [6, uint],
  serverTime: [7, int],
});
const KICK = new Schema("KickNotice", {
  connection: [1, uint],
  code: [2, int32],
  text: [3, text],
  userId: [4, text],
  olderThanMs: [5, uint],
});
const DISMISSAL = new Schema("Dismissal", { userId: [1, text], reason: [2, text], olderThanMs: [3, uint] });

/** The numbers of {@link Outcome.kind}. */
const KIND = { stored: 1, refused: 2, out_of_order: 3, stale: 4 } as const;

/** The bytes of a batch. */
export function encodeNotices(batch: NoticeBatch): Uint8Array {
  return BATCH.write({
    syncEpoch: batch.syncEpoch,
    news: batch.news.map((each) => NEWS.write(each)),
    outcomes: batch.outcomes.map(encodeOutcome),
    kicks: batch.kicks.map((each) => KICK.write(each)),
    dismissals: batch.dismissals.map((each) => DISMISSAL.write(each)),
    rechecks: batch.rechecks.map(encodeText),
  });
}

/** What a peer's bytes say. An outcome of a kind that nobody here knows is left out. Errors: `invalid_argument`. */
export function decodeNotices(bytes: Uint8Array): NoticeBatch {
  const { syncEpoch, news, outcomes, kicks, dismissals, rechecks } = BATCH.read(bytes);
  return {
    syncEpoch,
    news: news.map((each) => NEWS.read(each)),
    outcomes: outcomes.flatMap(decodeOutcome),
    kicks: kicks.map((each) => KICK.read(each)),
    dismissals: dismissals.map((each) => DISMISSAL.read(each)),
    rechecks: rechecks.map(decodeText),
  };
}

const NOTHING = { code: 0, senderSeq: 0, conversationSeq: 0, serverTime: 0 };

function encodeOutcome({ messageId, syncEpoch, outcome }: OutcomeNotice): Uint8Array {
  const head = { ...NOTHING, messageId, syncEpoch, kind: KIND[outcome.kind] };
  if (outcome.kind === "refused") return OUTCOME.write({ ...head, code: WIRE_CODES[outcome.code] });
  if (outcome.kind !== "stored") return OUTCOME.write(head);
  const { senderSeq, conversationSeq, serverTime } = outcome.receipt;
  return OUTCOME.write({ ...head, senderSeq, conversationSeq, serverTime });
}

function decodeOutcome(bytes: Uint8Array): OutcomeNotice[] {
  const { messageId, syncEpoch, kind, code, ...numbers } = OUTCOME.read(bytes);
  const outcome = outcomeOf(kind, code, { messageId, ...numbers });
  return outcome === undefined ? [] : [{ messageId, syncEpoch, outcome }];
}

type Receipt = Extract<Outcome, { kind: "stored" }>["receipt"];

function outcomeOf(kind: number, code: number, receipt: Receipt): Outcome | undefined {
  switch (kind) {
    case KIND.stored:
      return { kind: "stored", receipt, fresh: null };
    case KIND.refused:
      return { kind: "refused", code: wireCodeName(code) };
    case KIND.out_of_order:
      return { kind: "out_of_order" };
    case KIND.stale:
      return { kind: "stale" };
  }
}
