/** Why a row of the original cannot be taken, by the word under which it is noted. */
const REASONS = {
  unusable_id: "its id is 0, which names nobody",
  oneself: "a friend of oneself",
  unknown_user: "a user who is not in the table of users",
  unknown_group: "a group that is not in the table of groups, or was left out",
  empty_group: "neither its owner nor any member is in the table of users",
  unknown_session: "a session type that is neither 1 (single) nor 2 (group)",
  unknown_type: "a message type that is none of 1 (text), 2 (picture), 3 (voice)",
  too_large: "content that is larger than allowed",
  unknown_sender: "a sender who is not in the table of users",
  unknown_receiver: "a receiver who is not in the table of users, or a group that is not taken",
  unknown_inbox: "the inbox of somebody who is not in the table of users",
  foreign_inbox: "the inbox of somebody who neither sent nor received it",
  unheard: "sent to a group by somebody who is not in it: nobody got it",
} as const;

/** The word for a reason. */
export type Fault = keyof typeof REASONS;

/** The sentence for a word. */
export function reasonOf(fault: Fault, maxContentBytes: number): string {
  if (fault === "too_large") return `${REASONS.too_large} (${maxContentBytes} bytes)`;
  return REASONS[fault];
}
