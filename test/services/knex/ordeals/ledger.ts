import { isDeepStrictEqual } from "node:util";
import type { Outcome, Receipt, Storage, Uplink } from "../../../../src/adapters/contracts/index.js";
import type { InboxItem, MessageId, UserId } from "../../../../src/core/model.js";
import type { SeededRandom } from "../../../../src/testing/fakes/random.js";
import { readInboxes } from "../../../e2e/inboxes.js";
import { audienceOf, USERS } from "./crowd.js";

/** What is wrong, each counted; all 0 when the contract is kept. */
export interface Verdict {
  /** Inboxes whose items do not reach the head without a gap. */
  readonly holes: number;
  /** ACKed, and missing in an inbox it belongs to or not where its sender was told. */
  readonly lost: number;
  /** Twice in one inbox. */
  readonly duplicates: number;
  /** In an inbox, and never ACKed or not that user's. */
  readonly strangers: number;
  /** Below an earlier message of its conversation. */
  readonly reordered: number;
  /** Told otherwise when it was brought again. */
  readonly changed: number;
}

/** What the contract allows. */
export const CLEAN: Verdict = { holes: 0, lost: 0, duplicates: 0, strangers: 0, reordered: 0, changed: 0 };

interface Entry {
  readonly uplink: Uplink;
  readonly receipt: Receipt;
}

/** What was ACKed, to be held against what is in the inboxes. */
export class Ledger {
  readonly #entries = new Map<MessageId, Entry>();
  #changed = 0;

  /** How many were ACKed. */
  get acked(): number {
    return this.#entries.size;
  }

  /** Takes down what was answered for an uplink; one that was answered before has to get the same answer. */
  note(uplink: Uplink, outcome: Outcome): void {
    if (outcome.kind !== "stored") throw new Error(`${uplink.messageId} was not stored: ${JSON.stringify(outcome)}`);
    const before = this.#entries.get(uplink.messageId);
    if (before === undefined) this.#entries.set(uplink.messageId, { uplink, receipt: outcome.receipt });
    else if (!isDeepStrictEqual(before.receipt, outcome.receipt)) this.#changed++;
  }

  /** Brings some of what was ACKed once more, to another storage than before or not. */
  async repeat(storage: Storage, count: number, random: SeededRandom): Promise<void> {
    const entries = [...this.#entries.values()];
    for (let left = count; left > 0; left -= 50) {
      const batch = Array.from({ length: Math.min(left, 50) }, () => random.pick(entries).uplink);
      const { outcomes } = await storage.messages.commit(batch);
      for (const [index, outcome] of outcomes.entries()) {
        this.note(batch[index] as Uplink, outcome);
        if (outcome.kind === "stored" && outcome.fresh !== null) this.#changed++;
      }
    }
  }

  /** Holds it against the inboxes, when nobody commits any more. */
  async judge(storage: Storage): Promise<Verdict> {
    const inboxes = await readInboxes(storage, USERS);
    const { heads } = await storage.messages.readHeads(USERS);
    const each = [...inboxes].map(([userId, items]) => this.#judgeInbox(userId, items, heads.get(userId) ?? 0));
    const sum = (name: keyof Verdict): number => each.reduce((total, one) => total + one[name], 0);
    return {
      holes: sum("holes"),
      lost: sum("lost"),
      duplicates: sum("duplicates"),
      strangers: sum("strangers"),
      reordered: sum("reordered"),
      changed: this.#changed,
    };
  }

  #judgeInbox(userId: UserId, items: readonly InboxItem[], head: number): Verdict {
    const places = new Map(items.map(({ seq, message }) => [message.messageId, seq]));
    const own = [...this.#entries.values()].filter(({ uplink }) => audienceOf(uplink).includes(userId));
    const belonging = new Set(own.map(({ uplink }) => uplink.messageId));
    return {
      holes: items.length === head && items.every(({ seq }, index) => seq === index + 1) ? 0 : 1,
      lost: own.filter(({ uplink, receipt }) => !isWhereTold(userId, uplink, receipt, places)).length,
      duplicates: items.length - places.size,
      strangers: [...places.keys()].filter((id) => !belonging.has(id)).length,
      reordered: countReordered(items),
      changed: 0,
    };
  }
}

function isWhereTold(userId: UserId, uplink: Uplink, receipt: Receipt, places: ReadonlyMap<MessageId, number>) {
  const seq = places.get(uplink.messageId);
  return uplink.senderId === userId ? seq === receipt.senderSeq : seq !== undefined;
}

function countReordered(items: readonly InboxItem[]): number {
  const last = new Map<string, number>();
  let count = 0;
  for (const { message } of items) {
    const { senderId, target, conversationSeq } = message;
    const key = target.kind === "group" ? target.id : [senderId, target.id].sort().join(" ");
    if (conversationSeq <= (last.get(key) ?? 0)) count++;
    last.set(key, conversationSeq);
  }
  return count;
}
