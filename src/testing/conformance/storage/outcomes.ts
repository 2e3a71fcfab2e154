import type { Delivery, Outcome, Receipt } from "../../../adapters/contracts/index.js";
import type { Message } from "../../../core/model.js";
import { assertEqual, assertThat, present } from "../assert.js";

/** What a commit that stores tells. */
export interface Fresh {
  readonly receipt: Receipt;
  readonly message: Message;
  readonly deliveries: readonly Delivery[];
}

/** The receipt of a stored uplink. */
export function receiptOf(outcome: Outcome | undefined): Receipt {
  assertEqual(outcome?.kind, "stored", "kind of the outcome");
  return (outcome as Outcome & { kind: "stored" }).receipt;
}

/** What the commit that stored the uplink told; it must be that one and no repeat. */
export function freshOf(outcome: Outcome | undefined): Fresh {
  const receipt = receiptOf(outcome);
  const fresh = present((outcome as Outcome & { kind: "stored" }).fresh, "`fresh` of the commit that stored it");
  return { receipt, ...fresh };
}

/** Throws unless the outcome repeats `receipt` and tells nobody anew. */
export function assertRepeat(outcome: Outcome | undefined, receipt: Receipt): void {
  assertEqual<unknown>(outcome, { kind: "stored", receipt, fresh: null }, "outcome of a repeat");
}

/** Throws unless the outcome is the refusal `code`. */
export function assertRefused(outcome: Outcome | undefined, code: string): void {
  assertEqual<unknown>(outcome, { kind: "refused", code }, "outcome of a refused uplink");
}

/** The kinds of some outcomes, in order. */
export function kindsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map((outcome) => outcome.kind);
}

/** Who got a message, ascending; each at most once. */
export function audienceOf(deliveries: readonly Delivery[]): string[] {
  const users = deliveries.map((delivery) => delivery.userId).sort();
  assertThat(new Set(users).size === users.length, "a message is delivered at most once to each user");
  return users;
}
