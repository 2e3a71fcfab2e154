import type { WireCode } from "../../core/errors.js";
import type { GroupId, MessageId, SyncEpoch, UserId } from "../../core/model.js";
import type { Uplink } from "./messages.js";

/** Who is in a group now. */
export interface Members {
  /** Is `userId` in? */
  has(userId: UserId): boolean;
  /** Everybody, each once. */
  members(): UserId[];
}

/** What a decision rests on: the storage as it is inside the transaction, after the conversations were locked. */
export interface CommitFacts {
  readonly syncEpoch: SyncEpoch;
  /** Is a message of this id stored? */
  isStored(messageId: MessageId): boolean;
  /** The code an uplink of this id was refused with, if it was. */
  refusalOf(messageId: MessageId): WireCode | undefined;
  /** `undefined` when there is no such group. */
  membersOf(groupId: GroupId): Members | undefined;
  /** Does `receiverId` want nothing from `senderId`? Asked about the two of a single chat. */
  hasBlocked(receiverId: UserId, senderId: UserId): boolean;
}

/** What will be done about one uplink. Everything that can go wrong has gone well when this exists. */
export type Decision =
  | { readonly kind: "accept"; readonly uplink: Uplink; readonly content: Uint8Array; readonly audience: UserId[] }
  /** Stored before this batch or by an earlier entry of it: answered with the receipt of that. */
  | { readonly kind: "repeat"; readonly messageId: MessageId }
  | { readonly kind: "refuse"; readonly uplink: Uplink; readonly code: WireCode }
  /** Refused before: nothing to write. */
  | { readonly kind: "refused"; readonly code: WireCode }
  | { readonly kind: "out_of_order" }
  | { readonly kind: "stale" };

/** Where a batch is cut; the caller brings the rest again. */
export interface BatchLimit {
  readonly maxUplinks: number;
  readonly maxInboxRows: number;
}

/**
 * The rules of the commit, one copy for every storage: decides a non-empty prefix of a batch and changes nothing. The cut
 * comes after the uplink that reached the limit, so one message to a large group always fits.
 */
export function decideBatch(facts: CommitFacts, batch: readonly Uplink[], limit: BatchLimit): Decision[] {
  const judged = new Map<MessageId, Decision>();
  const decisions: Decision[] = [];
  let rows = 0;
  for (const uplink of batch) {
    const decision = decide(facts, uplink, judged);
    if (decision.kind === "accept") rows += decision.audience.length;
    if (decision.kind !== "stale" && !judged.has(uplink.messageId)) judged.set(uplink.messageId, decision);
    if (decisions.push(decision) >= limit.maxUplinks || rows >= limit.maxInboxRows) break;
  }
  return decisions;
}

/** The order is the contract: epoch, key, right to send, predecessor. */
function decide(facts: CommitFacts, uplink: Uplink, judged: ReadonlyMap<MessageId, Decision>): Decision {
  if (uplink.syncEpoch !== null && uplink.syncEpoch !== facts.syncEpoch) return { kind: "stale" };
  const known = decideKnown(facts, uplink.messageId, judged.get(uplink.messageId));
  if (known !== null) return known;
  const audience = uplink.refuse ?? audienceOf(facts, uplink);
  if (typeof audience === "string") return { kind: "refuse", uplink, code: audience };
  if (!isPredecessorMet(facts, uplink.afterId, judged)) return { kind: "out_of_order" };
  // A view may belong to a large or reused buffer, and it will be read for as long as this process lives.
  return { kind: "accept", uplink, content: new Uint8Array(uplink.content), audience };
}

function decideKnown(facts: CommitFacts, messageId: MessageId, earlier: Decision | undefined): Decision | null {
  if (earlier?.kind === "accept" || facts.isStored(messageId)) return { kind: "repeat", messageId };
  if (earlier?.kind === "refuse") return { kind: "refused", code: earlier.code };
  if (earlier !== undefined) return earlier;
  const code = facts.refusalOf(messageId);
  return code === undefined ? null : { kind: "refused", code };
}

/** Who gets the message by what is true now, each once; a code when the sender may not send there. */
function audienceOf(facts: CommitFacts, { senderId, target }: Uplink): UserId[] | WireCode {
  if (target.kind === "single") {
    if (senderId === null || senderId === target.id) return [target.id];
    return facts.hasBlocked(target.id, senderId) ? "blocked" : [target.id, senderId];
  }
  const group = facts.membersOf(target.id);
  if (group === undefined || (senderId !== null && !group.has(senderId))) return "not_member";
  return group.members();
}

/** A refused predecessor does not count: its sender was told, and names another one when it sends again. */
function isPredecessorMet(facts: CommitFacts, afterId: MessageId | null, judged: ReadonlyMap<MessageId, Decision>) {
  return afterId === null || facts.isStored(afterId) || judged.get(afterId)?.kind === "accept";
}
