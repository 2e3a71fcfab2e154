import type { Uplink } from "../../adapters/contracts/index.js";
import { encodeText } from "../../core/bytes.js";
import { ImError, isImError, WIRE_CODES, type WireCode } from "../../core/errors.js";
import { type MessageTypeName, messageText, messageTypeName } from "../../core/message-type.js";
import { assertId, describe, isId, MAX_MESSAGE_TYPE, type UserId } from "../../core/model.js";
import { type Recipient, recipientOf } from "../../core/recipient.js";
import type { Runtime } from "../../core/runtime.js";
import type { CanAddToGroup } from "../accounts/group-consent.js";
import type { AuthOptions } from "../auth.js";
import type { Deadlines } from "../deadlines.js";

/** What a hook sees of a message on its way in. */
export interface IncomingMessage {
  readonly messageId: string;
  readonly to: Recipient;
  readonly type: MessageTypeName;
  /** Only for type text. */
  readonly text: string | undefined;
  readonly content: Uint8Array;
  /** The sender's clock, ms since 1970. */
  readonly clientTime: number;
}

/** What a hook may change. */
export interface ChangedMessage {
  readonly text?: string;
  readonly content?: Uint8Array;
}

/** What a `beforeSend` hook is given. */
export interface BeforeSendEvent {
  readonly message: IncomingMessage;
  readonly sender: { readonly userId: UserId };
}

/** Gives back what to store instead, or nothing to let the message pass. */
export type BeforeSend =
  | ((event: BeforeSendEvent) => ChangedMessage | undefined | Promise<ChangedMessage | undefined>)
  | ((event: BeforeSendEvent) => void);

/** A message somebody wants to send, before its content is looked at. */
export interface SendEvent {
  readonly senderId: UserId;
  readonly to: Recipient;
}

/** Says whether somebody may write to somebody. */
export type CanSend = (event: SendEvent) => boolean | Promise<boolean>;

/** Awaited, and may refuse. */
export interface Hooks {
  /**
   * Called for every message a user sends, before `beforeSend`: `false` refuses it (`forbidden`), and the refusal is stored.
   * Besides it and without it: the receiver has to exist and must not have blocked the sender, and only members write to a group.
   */
  readonly canSend?: CanSend;
  /** Called for everybody a user wants to add to a group: `false` refuses the whole call (`forbidden`). */
  readonly canAddToGroup?: CanAddToGroup;

  /**
   * Called for every message a user sends, before it is committed; per connection one at a time, so keep it fast. It may
   * be called again for a message that is repeated. Throw an {@link ImError} to refuse (its code goes to the sender, and
   * the refusal is stored); return `{ text }` or `{ content }` to store something else; return nothing to let it pass. Any
   * other throw is a fault of the hook: the sender is told `busy` and repeats.
   */
  readonly beforeSend?: BeforeSend;
}

/** An uplink before the rules looked at it. */
export type Draft = Omit<Uplink, "refuse" | "serverTime">;

/** What the rules need. */
export interface AdmissionServices {
  readonly auth: AuthOptions;
  readonly hooks: Hooks;
  readonly maxContentBytes: number;
  readonly runtime: Runtime;
  /** A rule that takes too long is a rule that failed. */
  readonly deadlines: Deadlines;
}

/** Refusals a verdict may carry; anything else a hook throws is `forbidden`. */
const NEVER_A_VERDICT: ReadonlySet<string> = new Set([
  "busy",
  "rate_limited",
  "out_of_order",
  "internal",
  "unavailable",
]);

/**
 * The rules before the commit. What is wrong with the bytes themselves throws; what depends on the world (hook, unknown
 * receiver) becomes a verdict that travels with the uplink, so that the transaction can give every copy one answer.
 */
export class Admission {
  readonly #services: AdmissionServices;

  constructor(services: AdmissionServices) {
    this.#services = services;
  }

  /**
   * Returns at once when no rule needs to wait.
   * Errors: `invalid_user_id`, `invalid_argument`, `too_large` for the bytes; `busy` when a rule failed.
   */
  admit(draft: Draft): Uplink | Promise<Uplink> {
    this.#assertWellFormed(draft);
    const uplink = { ...draft, refuse: null, serverTime: this.#services.runtime.now() };
    const { auth, hooks } = this.#services;
    if (draft.senderId === null) return uplink;
    const asksExists = auth.exists !== undefined && draft.target.kind === "single";
    const asksHooks = hooks.beforeSend !== undefined || hooks.canSend !== undefined;
    return asksExists || asksHooks ? this.#judge(uplink, draft.senderId) : uplink;
  }

  #assertWellFormed({ target, type, content }: Draft): void {
    if (!isId(target.id)) assertId(target.id, target.kind === "single" ? "the receiving user's id" : "the group's id");
    if (!Number.isInteger(type) || type < 1 || type > MAX_MESSAGE_TYPE) {
      throw new ImError("invalid_argument", { message: `the message type must be an integer from 1 on, got ${type}` });
    }
    const { maxContentBytes } = this.#services;
    if (content.length > maxContentBytes) {
      const message = `content may have ${maxContentBytes} bytes (limits.maxContentBytes), got ${content.length}`;
      throw new ImError("too_large", { message });
    }
  }

  async #judge(uplink: Uplink, senderId: UserId): Promise<Uplink> {
    try {
      if (!(await this.#exists(uplink))) return { ...uplink, refuse: "not_found" };
      if (!(await this.#may(uplink, senderId))) return { ...uplink, refuse: "forbidden" };
      return await this.#ask(uplink, senderId);
    } catch (error) {
      return { ...uplink, refuse: verdictOf(error) };
    }
  }

  async #exists({ target }: Uplink): Promise<boolean> {
    const { auth, deadlines } = this.#services;
    if (target.kind === "group" || auth.exists === undefined) return true;
    return deadlines.within("auth.exists", () => auth.exists?.(target.id) ?? true);
  }

  async #may({ target }: Uplink, senderId: UserId): Promise<boolean> {
    const { hooks, deadlines } = this.#services;
    if (hooks.canSend === undefined) return true;
    const event = { senderId, to: recipientOf(target) };
    return (await deadlines.within("hooks.canSend", () => hooks.canSend?.(event) ?? true)) === true;
  }

  async #ask(uplink: Uplink, userId: UserId): Promise<Uplink> {
    const { messageId, target, type, content, clientTime } = uplink;
    const text = messageText(type, content);
    const message = { messageId, to: recipientOf(target), type: messageTypeName(type), text, content, clientTime };
    const { hooks, deadlines } = this.#services;
    const event = { message, sender: { userId } };
    const changed = (await deadlines.within("hooks.beforeSend", () => hooks.beforeSend?.(event))) ?? {};
    const next = contentOf(changed);
    if (next === undefined) return uplink;
    const result = { ...uplink, content: next };
    this.#assertWellFormed(result);
    return result;
  }
}

/** What a hook wants stored instead. Anything but text or bytes is a fault of the hook, never a message of nothing. */
function contentOf({ text, content }: ChangedMessage): Uint8Array | undefined {
  if (content instanceof Uint8Array) return content.slice();
  if (content === undefined && (text === undefined || typeof text === "string")) {
    return text === undefined ? undefined : encodeText(text);
  }
  const received = content === undefined ? `text: ${describe(text)}` : `content: ${describe(content)}`;
  throw new TypeError(`beforeSend must return { text } or { content } (a Uint8Array), got ${received}`);
}

/** Errors: `busy` when what was thrown is no decision. */
function verdictOf(error: unknown): WireCode {
  if (!isImError(error) || NEVER_A_VERDICT.has(error.code)) {
    throw new ImError("busy", { message: "a rule failed", cause: error, retryAfterMs: 5_000 });
  }
  return Object.hasOwn(WIRE_CODES, error.code) ? (error.code as WireCode) : "forbidden";
}
