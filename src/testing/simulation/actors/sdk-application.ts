import type { ClosedState, ImClient, ImMessage, SendResult } from "../../../client/im-client.js";
import { CLOSE } from "../../../core/close-codes.js";
import { type ErrorCode, isImError, WIRE_CODES } from "../../../core/errors.js";
import { conversationKey, type SyncEpoch, type Target, type UserId } from "../../../core/model.js";
import { recipientOf } from "../../../core/recipient.js";
import { type DeviceId, type History, type OperationId, operationOfMessage, type ShownItem } from "../history.js";

/** The close codes by which a device is told that another one has its place. */
export const GIVEN_AWAY: ReadonlySet<number | null> = new Set([CLOSE.replaced, CLOSE.forbidden]);

/** Where an application runs. */
export interface ApplicationSurroundings<Process> {
  readonly device: DeviceId;
  readonly userId: UserId;
  readonly history: Pick<History, "record">;
  /** Of the process: what reaches it after its death counts for nothing. */
  readonly process: Process;
  /** Which epoch its store is in just now. */
  readonly epoch: () => SyncEpoch;
}

/** One run of an application with the real client: what is done with it, and what it shows, is written down. */
export class SdkApplication<Process extends { readonly dead: boolean }> {
  readonly client: ImClient;
  readonly process: Process;
  readonly #around: ApplicationSurroundings<Process>;
  /** Composed in this run, and no outcome yet. */
  readonly #waiting = new Set<OperationId>();

  constructor(client: ImClient, around: ApplicationSurroundings<Process>) {
    this.client = client;
    this.process = around.process;
    this.#around = around;
    client.on("message", (message) => this.#show(message));
  }

  /** How many messages of this run have no outcome yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** @param forbidden the application's rules refuse it */
  send(operation: OperationId, target: Target, words: string, forbidden: boolean): void {
    const { history, userId, device } = this.#around;
    const conversation = conversationKey(userId, target);
    const rest = { userId, device, conversation, once: true, forbidden };
    history.record({ kind: "invoke", operation, author: "sdk", ...rest });
    this.#waiting.add(operation);
    this.client.send({ to: recipientOf(target), text: `${operation} ${words}` }).then(
      (result) => this.#sent(operation, result),
      (error) => this.#failed(operation, error),
    );
  }

  /** Its process has died: nobody will know. */
  abandon(): void {
    for (const operation of this.#waiting) this.#around.history.record({ kind: "unknown", operation });
  }

  /** The client has ended, and nobody had asked it to. Answers with which code; {@link GIVEN_AWAY} has those of a lost place. */
  gaveUp({ error, closeCode: told }: ClosedState): number | null {
    const { history, device } = this.#around;
    const closeCode = error.code === "forbidden" ? CLOSE.forbidden : told;
    history.record({ kind: "gave_up", device, closeCode, message: error.message });
    return closeCode;
  }

  #show({ conversation, senderId, seq, messageId, text }: ImMessage): void {
    const { process, history, device, userId, epoch } = this.#around;
    if (process.dead) return;
    const isSingle = conversation.kind === "single";
    const key = isSingle ? conversationKey(userId, conversation) : `g ${conversation.id}`;
    const operation = operationOfMessage(messageId, text);
    const item: ShownItem = { seq, messageId, conversation: key, senderId, operation, epoch: epoch() };
    history.record({ kind: "shown", device, userId, item });
  }

  #sent(operation: OperationId, { messageId, seq }: SendResult): void {
    if (this.#around.process.dead) return;
    this.#waiting.delete(operation);
    this.#around.history.record({ kind: "ack", operation, messageId, seq });
  }

  #failed(operation: OperationId, error: unknown): void {
    if (this.#around.process.dead) return;
    this.#waiting.delete(operation);
    const code: ErrorCode = isImError(error) ? error.code : "internal";
    if (Object.hasOwn(WIRE_CODES, code)) this.#around.history.record({ kind: "refused", operation, code });
    else this.#around.history.record({ kind: "unknown", operation });
  }
}
