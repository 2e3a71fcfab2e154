import { createClient } from "../../../src/client/create-im-client.js";
import type { ClientState, ImClient, ImMessage, SendResult } from "../../../src/client/im-client.js";
import { CLOSE } from "../../../src/core/close-codes.js";
import { type ErrorCode, isImError, WIRE_CODES } from "../../../src/core/errors.js";
import { conversationKey, type Target, type UserId } from "../../../src/core/model.js";
import { recipientOf } from "../../../src/core/recipient.js";
import { DeviceStore } from "../../../src/testing/simulation/actors/device-store.js";
import {
  type DeviceId,
  type OperationId,
  operationOfMessage,
  type Problem,
  type ShownItem,
} from "../../../src/testing/simulation/history.js";
import type { CastDevice } from "./cast.js";
import { MortalRuntime } from "./mortal-runtime.js";
import type { InboxView, Seat } from "./seat.js";
import type { SeatSurroundings } from "./seat-surroundings.js";
import { Wires } from "./wire.js";

/** How a device is told that another one has its place. */
const GIVEN_AWAY: ReadonlySet<number | null> = new Set([CLOSE.replaced, CLOSE.forbidden]);

interface Application {
  readonly runtime: MortalRuntime;
  readonly client: ImClient;
  /** Composed in this run, and no outcome yet. */
  readonly waiting: Set<OperationId>;
}

/** The real client on one installation, through all starts of its application. As the simulator's, in real time. */
export class SdkSeat implements Seat {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly isLegacy = false;
  readonly #around: SeatSurroundings;
  readonly #store = new DeviceStore();
  readonly #wires: Wires;
  #application: Application | null = null;
  #composed = 0;
  #isLeaving = false;
  #isSidelined = false;

  constructor({ id, userId }: CastDevice, around: SeatSurroundings) {
    this.id = id;
    this.userId = userId;
    this.#around = around;
    this.#wires = new Wires(around.ear, id);
  }

  get waiting(): number {
    return this.#application?.waiting.size ?? 0;
  }

  get isSidelined(): boolean {
    return this.#isSidelined;
  }

  start(): void {
    if (this.#application !== null) return;
    this.#isSidelined = false;
    const runtime = new MortalRuntime();
    const platform = { runtime, dial: this.#wires.dial(runtime) };
    const { url, token } = this.#around;
    const client = createClient(platform, { url, token: () => token(this.userId), store: this.#store.open(runtime) });
    const application = { runtime, client, waiting: new Set<OperationId>() };
    this.#application = application;
    const { id: device, userId } = this;
    const saved = [...this.#store.saved];
    this.#around.history.record({ kind: "opened", device, userId, author: "sdk", saved, deviceKind: "" });
    client.on("message", (message) => this.#show(application, message));
    client.on("state", (state) => this.#changed(application, state));
    client.connect().catch(() => undefined);
  }

  kill(): void {
    const application = this.#application;
    if (application === null) return;
    this.#application = null;
    application.runtime.kill();
    this.#wires.drop();
    for (const operation of application.waiting) this.#around.history.record({ kind: "unknown", operation });
  }

  send(target: Target, words: string): void {
    const application = this.#application;
    if (application === null) return;
    const operation = `${this.id}.${++this.#composed}`;
    const { userId, id: device } = this;
    const conversation = conversationKey(userId, target);
    this.#around.history.record({
      kind: "invoke",
      operation,
      author: "sdk",
      userId,
      device,
      conversation,
      once: true,
      forbidden: false,
    });
    application.waiting.add(operation);
    application.client.send({ to: recipientOf(target), text: `${operation} ${words}` }).then(
      (result) => this.#sent(application, operation, result),
      (error) => this.#failed(application, operation, error),
    );
  }

  heal(): void {
    if (!this.#isSidelined) this.start();
  }

  problems({ epoch, head }: InboxView): readonly Problem[] {
    if (this.#isSidelined) return [];
    const who = this.id;
    const state = this.#application?.client.state.name;
    if (state !== "online" && state !== "syncing") return [{ what: "cannot_log_in", who }];
    const isBehind = head > 0 && (this.#store.epoch !== epoch || this.#store.cursor !== head);
    const isUnsettled = this.#store.unsettled > 0 || this.waiting > 0;
    return [
      ...(isBehind ? [{ what: "behind", who } as const] : []),
      ...(isUnsettled ? [{ what: "unsettled", who } as const] : []),
    ];
  }

  async close(): Promise<void> {
    this.#isLeaving = true;
    await this.#application?.client.close();
  }

  /** A client that gives up, and nobody wanted it to, stays away for good. */
  #changed(application: Application, state: ClientState): void {
    if (application !== this.#application || this.#isLeaving || state.name !== "closed") return;
    const { message, code } = state.error;
    const closeCode = code === "forbidden" ? CLOSE.forbidden : state.closeCode;
    this.#around.history.record({ kind: "gave_up", device: this.id, closeCode, message });
    if (!GIVEN_AWAY.has(closeCode)) return;
    this.#application = null;
    this.#isSidelined = true;
  }

  #show({ runtime }: Application, { conversation, senderId, seq, messageId, text }: ImMessage): void {
    if (runtime.dead) return;
    const isSingle = conversation.kind === "single";
    const key = isSingle ? conversationKey(this.userId, conversation) : `g ${conversation.id}`;
    const operation = operationOfMessage(messageId, text);
    const item: ShownItem = { seq, messageId, conversation: key, senderId, operation, epoch: this.#store.epoch };
    this.#around.history.record({ kind: "shown", device: this.id, userId: this.userId, item });
  }

  #sent({ runtime, waiting }: Application, operation: OperationId, { messageId, seq }: SendResult): void {
    if (runtime.dead) return;
    waiting.delete(operation);
    this.#around.history.record({ kind: "ack", operation, messageId, seq });
  }

  #failed({ runtime, waiting }: Application, operation: OperationId, error: unknown): void {
    if (runtime.dead) return;
    waiting.delete(operation);
    const code: ErrorCode = isImError(error) ? error.code : "internal";
    if (Object.hasOwn(WIRE_CODES, code)) this.#around.history.record({ kind: "refused", operation, code });
    else this.#around.history.record({ kind: "unknown", operation });
  }
}
