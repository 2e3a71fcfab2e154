import { assertId, type GroupId, invalidArgument, type Target, type UserId } from "./model.js";

/** Where a message goes, as applications write it. */
export type Recipient = { readonly userId: UserId } | { readonly groupId: GroupId };

/**
 * The target `to` names.
 * Errors: `invalid_argument` when it names neither or both; `invalid_user_id` when the id is not one.
 */
export function parseRecipient(to: unknown): Target {
  const { userId, groupId } = (typeof to === "object" && to !== null ? to : {}) as Record<string, unknown>;
  if ((userId === undefined) === (groupId === undefined)) {
    throw invalidArgument("to must be { userId } or { groupId }", to);
  }
  const kind = userId === undefined ? "group" : "single";
  const id = userId ?? groupId;
  assertId(id, kind === "single" ? "to.userId" : "to.groupId");
  return { kind, id };
}

/** The other way round. */
export function recipientOf({ kind, id }: Target): Recipient {
  return kind === "single" ? { userId: id } : { groupId: id };
}
