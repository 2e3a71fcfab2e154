import type { ImClient, ImError, OutboxMessage, RefusedEvent, SentEvent } from "shyim/client";
import { addressOf, keyOf } from "../model.js";
import type { RefusedTexts } from "./refused-texts.js";

/** An own message that is not in its place in the conversation yet. */
export interface OutgoingMessage extends Omit<OutboxMessage, "status"> {
  /** `sent`: stored by the server, its own copy is on the way. */
  readonly status: OutboxMessage["status"] | "sent" | "refused";
  /** Why it was refused. */
  readonly error?: ImError;
}

/**
 * What was written and is not in its place yet. The client's outbox is the truth for what waits; beside it, here are the two
 * moments it does not have: stored but not back yet, and refused until the user decides what to do about it.
 */
export class Outgoing {
  readonly #texts: RefusedTexts;
  #outbox: readonly OutboxMessage[] = [];
  readonly #sent = new Map<string, OutgoingMessage>();
  readonly #refused: Map<number, OutgoingMessage>;

  constructor(texts: RefusedTexts) {
    this.#texts = texts;
    this.#refused = new Map(texts.load().map((message) => [message.clientId, message]));
  }

  /** How many messages wait for a connection or for an answer. */
  get waiting(): number {
    return this.#outbox.length;
  }

  /** How many were refused, and nobody has decided about them. */
  get undecided(): number {
    return this.#refused.size;
  }

  /** Those of one conversation, in the order of writing. */
  of(conversation: string): readonly OutgoingMessage[] {
    const all: OutgoingMessage[] = [...this.#refused.values(), ...this.#sent.values(), ...this.#outbox];
    return all.filter(({ to }) => keyOf(addressOf(to)) === conversation).sort((a, b) => a.composedAt - b.composedAt);
  }

  /** The newest time of writing of one conversation; 0 for none. */
  latestOf(conversation: string): number {
    return this.of(conversation).reduce((latest, { composedAt }) => Math.max(latest, composedAt), 0);
  }

  outboxChanged(outbox: ImClient["outbox"]): void {
    this.#outbox = outbox;
  }

  sent({ clientId, messageId }: SentEvent): void {
    const message = this.#settle(clientId);
    if (message !== undefined) this.#sent.set(messageId, { ...message, status: "sent" });
  }

  /** The message is in its place now. */
  arrived(messageId: string): void {
    this.#sent.delete(messageId);
  }

  refused({ message, error }: RefusedEvent): void {
    this.#settle(message.clientId);
    this.giveBack({ ...message, status: "refused", error });
  }

  /** Takes a refused message out: it is written again, or given up. */
  take(clientId: number): OutgoingMessage | undefined {
    const message = this.#refused.get(clientId);
    this.#refused.delete(clientId);
    this.#texts.save([...this.#refused.values()]);
    return message;
  }

  /** Puts a refused message in, or back because it could not be written again. */
  giveBack(message: OutgoingMessage): void {
    this.#refused.set(message.clientId, message);
    this.#texts.save([...this.#refused.values()]);
  }

  /** Takes a message out at once: the client tells what its outbox is now a moment later, and until then it would be shown twice. */
  #settle(clientId: number): OutboxMessage | undefined {
    const message = this.#outbox.find((one) => one.clientId === clientId);
    this.#outbox = this.#outbox.filter((one) => one !== message);
    return message;
  }
}
