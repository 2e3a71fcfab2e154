import { createClient } from "../../../client/create-im-client.js";
import type { ClientState, ImClient, ImMessage, SendResult } from "../../../client/im-client.js";
import { CLOSE } from "../../../core/close-codes.js";
import { type ErrorCode, isImError, WIRE_CODES } from "../../../core/errors.js";
import { conversationKey, type Target, type UserId } from "../../../core/model.js";
import { recipientOf } from "../../../core/recipient.js";
import type { SeededRandom } from "../../fakes/random.js";
import { VirtualRuntime } from "../../fakes/virtual-time.js";
import { type DeviceId, type OperationId, operationOfMessage, type Problem, type ShownItem } from "../history.js";
import type { DevicePlan } from "../plan.js";
import type { World } from "../world.js";
import type { Device } from "./device.js";
import { DeviceStore } from "./device-store.js";
import { isForbidden } from "./house-rules.js";

/** Whoever was signed out because the application wanted it signs in again after so long, ms. */
const SIGN_IN_AGAIN_MS = 3_000;
/** How a device is told that another one has its place. */
const GIVEN_AWAY: ReadonlySet<number | null> = new Set([CLOSE.replaced, CLOSE.forbidden]);

interface Application {
  readonly runtime: VirtualRuntime;
  readonly client: ImClient;
  /** Composed in this run, and no outcome yet. */
  readonly waiting: Set<OperationId>;
}

/** The real client on one installation, through all starts of its application. */
export class SdkDevice implements Device {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly #world: World;
  readonly #store = new DeviceStore();
  readonly #plan: DevicePlan;
  #application: Application | null = null;
  readonly #mayBeSidelined: boolean;
  /** Of an application that has ended by itself, and may still be putting its things away. */
  #ending: VirtualRuntime | null = null;
  #composed = 0;
  #isLeaving = false;
  #isSidelined = false;

  /** @param mayBeSidelined the rules are such that another device of the user may take its place, or keep it out */
  constructor(world: World, plan: DevicePlan, mayBeSidelined: boolean) {
    this.#mayBeSidelined = mayBeSidelined;
    this.#world = world;
    this.id = plan.id;
    this.userId = plan.userId;
    this.#plan = plan;
  }

  get isSidelined(): boolean {
    return this.#isSidelined;
  }

  start(): void {
    if (this.#application !== null) return;
    this.#isSidelined = false;
    this.#ending?.kill();
    const { time, random, network, history, office } = this.#world;
    const runtime = new VirtualRuntime(time, random.uint32());
    const store = this.#store.open(runtime, turnsOf(runtime, random.fork(), this.#plan.storeLatencyMs));
    const platform = { runtime, dial: network.dial(this.id, runtime) };
    const token = office.tokenFor(this.userId, this.#plan.tokens);
    const { deviceKind } = this.#plan;
    const kind = deviceKind === "" ? {} : { deviceKind };
    const client = createClient(platform, { url: "ws://simulated", token, store, ...kind });
    const application = { runtime, client, waiting: new Set<OperationId>() };
    this.#application = application;
    const { id: device, userId } = this;
    history.record({ kind: "opened", device, userId, author: "sdk", saved: [...this.#store.saved], deviceKind });
    client.on("message", (message) => this.#show(application, message));
    client.on("state", (state) => this.#changed(application, state));
    client.connect().catch(() => undefined);
  }

  kill(): void {
    const application = this.#application;
    if (application === null) return;
    this.#application = null;
    this.#world.probes.hit("application_restart");
    application.runtime.kill();
    this.#world.network.clientDied(application.runtime);
    for (const operation of application.waiting) this.#world.history.record({ kind: "unknown", operation });
  }

  send(target: Target, words: string): void {
    const application = this.#application;
    if (application === null) return;
    const operation = `${this.id}.${++this.#composed}`;
    const { userId, id: device } = this;
    const conversation = conversationKey(userId, target);
    this.#world.history.record({
      kind: "invoke",
      operation,
      author: "sdk",
      userId,
      device,
      conversation,
      once: true,
      forbidden: isForbidden(words),
    });
    application.waiting.add(operation);
    application.client.send({ to: recipientOf(target), text: `${operation} ${words}` }).then(
      (result) => this.#sent(application, operation, result),
      (error) => this.#failed(application, operation, error),
    );
  }

  jumpClock(ms: number): void {
    this.#application?.runtime.jumpClock(ms);
  }

  heal(): void {
    this.start();
  }

  problems(): readonly Problem[] {
    if (this.#isSidelined) return [];
    const who = this.id;
    const state = this.#application?.client.state.name;
    if (state !== "online" && state !== "syncing") return [{ what: "cannot_log_in", who }];
    const { site } = this.#world;
    const isBehind = this.#store.epoch !== site.epoch || this.#store.cursor !== site.headOf(this.userId);
    const isUnsettled = this.#store.unsettled > 0 || this.#application?.waiting.size !== 0;
    return [
      ...(isBehind ? [{ what: "behind", who } as const] : []),
      ...(isUnsettled ? [{ what: "unsettled", who } as const] : []),
    ];
  }

  async leave(): Promise<void> {
    const application = this.#application;
    this.#application = null;
    this.#ending = application?.runtime ?? null;
    this.#isSidelined = true;
    await application?.client.close();
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
    this.#world.history.record({ kind: "gave_up", device: this.id, closeCode, message });
    if (closeCode === CLOSE.kicked) {
      this.#end(application);
      this.#world.time.after(SIGN_IN_AGAIN_MS, () => this.#isLeaving || this.start());
    }
    if (!this.#mayBeSidelined || !GIVEN_AWAY.has(closeCode)) return;
    this.#end(application);
    this.#isSidelined = true;
    this.#world.probes.hit(closeCode === CLOSE.replaced ? "session_replaced" : "kept_out");
  }

  #end({ runtime }: Application): void {
    this.#application = null;
    this.#ending = runtime;
  }

  #show({ runtime }: Application, { conversation, senderId, seq, messageId, text }: ImMessage): void {
    if (runtime.dead) return;
    const isSingle = conversation.kind === "single";
    const key = isSingle ? conversationKey(this.userId, conversation) : `g ${conversation.id}`;
    const item: ShownItem = {
      seq,
      messageId,
      conversation: key,
      senderId,
      operation: operationOfMessage(messageId, text),
      epoch: this.#store.epoch,
    };
    this.#world.history.record({ kind: "shown", device: this.id, userId: this.userId, item });
  }

  #sent({ runtime, waiting }: Application, operation: OperationId, { messageId, seq }: SendResult): void {
    if (runtime.dead) return;
    waiting.delete(operation);
    this.#world.history.record({ kind: "ack", operation, messageId, seq });
  }

  #failed({ runtime, waiting }: Application, operation: OperationId, error: unknown): void {
    if (runtime.dead) return;
    waiting.delete(operation);
    const code: ErrorCode = isImError(error) ? error.code : "internal";
    if (Object.hasOwn(WIRE_CODES, code)) this.#world.history.record({ kind: "refused", operation, code });
    else this.#world.history.record({ kind: "unknown", operation });
  }
}

/** The calls of a store that is slow: each takes up to `latencyMs`. */
function turnsOf(runtime: VirtualRuntime, random: SeededRandom, latencyMs: number): () => Promise<void> {
  if (latencyMs === 0) return () => Promise.resolve();
  return () => new Promise((resolve) => void runtime.setTimer(random.between(0, latencyMs), resolve));
}
