import type { GroupNoticeKind } from "../../core/group-notice.js";
import type { GroupId, UserId } from "../../core/model.js";

/**
 * What an audit trail wants to know. Each event is told once, when it has happened. No password, token or phone number is ever in
 * one. `address` is where the call came from, `null` where nobody said.
 */
export type AuditEvent =
  /** Somebody signed in with a password. */
  | { readonly action: "login_succeeded"; readonly userId: UserId; readonly address: string | null }
  /** A password was wrong; `userId` is `null` where there is no such account. Attempts that came too early are not told. */
  | { readonly action: "login_failed"; readonly userId: UserId | null; readonly address: string | null }
  /** An account was created. */
  | { readonly action: "registered"; readonly userId: UserId; readonly address: string | null }
  /** All sessions and tokens of a user were ended. */
  | { readonly action: "logged_out_everywhere"; readonly userId: UserId }
  /** A user has a new password; the tokens from before are worth nothing. */
  | { readonly action: "password_changed"; readonly userId: UserId }
  /** A group is not as it was; `by` is `null` for the application itself. */
  | {
      readonly action: "group_changed";
      readonly groupId: GroupId;
      readonly by: UserId | null;
      readonly change: GroupNoticeKind;
      readonly userIds: readonly UserId[];
    }
  /** The application ended a user's sessions. */
  | { readonly action: "kicked"; readonly userId: UserId; readonly reason: string | null }
  /** A page that may not open a socket tried to; `origin` is what it sent. */
  | { readonly action: "origin_refused"; readonly address: string | null; readonly origin: string | null };

/** Takes what happened. Must not throw: nothing waits for it, and nothing is undone. */
export type Audit = (event: AuditEvent) => void;
