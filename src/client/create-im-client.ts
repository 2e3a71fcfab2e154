import { Emitter } from "../core/emitter.js";
import { ImError } from "../core/errors.js";
import { recipientOf } from "../core/recipient.js";
import type { ClientParts } from "./connection.js";
import type { ClientPlatform } from "./contracts.js";
import type { ClientEvents, ClosedState, ImClient, OutboxMessage, SendRequest, SendResult } from "./im-client.js";
import { toImMessage, toOutboxMessage } from "./im-message.js";
import { Inbox } from "./inbox.js";
import { Journal } from "./journal.js";
import { type Draft, Ledger, type SavedItems } from "./ledger.js";
import { type ClientOptions, type ClientSettings, parseOptions } from "./options.js";
import { Outbox } from "./outbox.js";
import { parseSend } from "./parse-send.js";
import { Sender } from "./sender.js";
import { Session } from "./session.js";
import { TokenSource } from "./token.js";

/**
 * A client on the given surroundings; the entries of `shyim/client` bring the browser's or Node's.
 * Throws `invalid_argument` with every problem of the options.
 */
export function createClient(platform: ClientPlatform, options: ClientOptions): ImClient {
  return new Client(platform, parseOptions(options));
}

/** Joins the parts: what comes in goes inbox → ledger → application, what goes out sender → ledger → outbox → session. */
class Client implements ImClient {
  readonly closed: Promise<ClosedState>;
  readonly #settings: ClientSettings;
  readonly #events: Emitter<ClientEvents>;
  readonly #journal: Journal;
  readonly #parts: ClientParts;
  readonly #session: Session;
  #opening: Promise<void> | null = null;
  #outboxToTell = false;
  #tellClosed: (state: ClosedState) => void = () => {};

  constructor(platform: ClientPlatform, settings: ClientSettings) {
    this.#settings = settings;
    this.#events = new Emitter((error, event) => this.#listenerFailed(error, event));
    this.closed = new Promise((resolve) => {
      this.#tellClosed = resolve;
    });
    this.#journal = new Journal(settings.store, (error) => this.#storeFailed(error));
    this.#parts = this.#createParts(platform);
    this.#session = new Session(this.#parts, settings, {
      open: () => this.#settle(),
      changed: (state) => this.#events.emit("state", state),
      failed: (error) => this.#events.emit("error", error),
      closed: (state) => void this.#finish(state),
    });
  }

  get userId() {
    return this.#parts.ledger.userId;
  }

  get state() {
    return this.#session.state;
  }

  get outbox(): readonly OutboxMessage[] {
    const { outbox, sender } = this.#parts;
    const settling = sender.settling.map((entry) => ({ entry, state: "flying" as const }));
    const all = [...settling, ...outbox.list()].sort((a, b) => a.entry.order - b.entry.order);
    return all.map(({ entry, state }) => toOutboxMessage(entry, state));
  }

  on<Name extends keyof ClientEvents>(event: Name, listener: (value: ClientEvents[Name]) => void): () => void {
    return this.#events.on(event, listener);
  }

  connect(): Promise<void> {
    return this.#session.connect();
  }

  send(request: SendRequest): Promise<SendResult> {
    let draft: Draft;
    try {
      draft = parseSend(request, this.#parts.platform.runtime.now(), this.#settings.maxContentBytes);
    } catch (error) {
      return Promise.reject(error);
    }
    const outcome = this.#parts.sender.send(draft);
    // Events tell it too: whoever listens to those only must not be punished by an unhandled rejection.
    outcome.catch(() => {});
    return outcome;
  }

  async close(): Promise<void> {
    this.#session.close(new ImError("closed", { message: "the client was closed" }));
    await this.closed;
  }

  #createParts(platform: ClientPlatform): ClientParts {
    const { runtime } = platform;
    const ledger = new Ledger(this.#journal, runtime);
    const outbox = new Outbox(runtime, this.#settings.window, {
      transmit: (entry, afterClientId) => this.#session.transmit(entry, afterClientId),
      stalled: () => this.#session.drop("the server answers no uplink"),
      changed: () => this.#outboxChanged(),
    });
    const sender = new Sender({ ledger, outbox, runtime }, this.#settings, {
      open: () => this.#open(),
      sent: ({ clientId, target }, result) =>
        this.#events.emit("sent", { clientId, to: recipientOf(target), ...result }),
      refused: (entry, error) => this.#events.emit("refused", { message: toOutboxMessage(entry, "queued"), error }),
      changed: () => this.#outboxChanged(),
    });
    const inbox = new Inbox({
      save: async (items) => this.#show(await ledger.save(items)),
      overflowed: () => this.#session.drop("more arrived than can be held until it is saved"),
    });
    return { platform, ledger, inbox, outbox, sender, tokens: new TokenSource(this.#settings.token, runtime) };
  }

  /** Reads the store once, and again after it failed. All callers wait for the same promise, so sends keep their order. */
  #open(): Promise<void> {
    if (this.#session.state.name === "closed") return Promise.reject(this.#session.state.error);
    this.#opening ??= this.#read();
    return this.#opening;
  }

  /** Before a login: what the last connection brought is saved, so the cursor is the true one. */
  async #settle(): Promise<void> {
    await this.#parts.inbox.idle();
    await this.#open();
  }

  async #read(): Promise<void> {
    await this.#parts.inbox.idle();
    this.#parts.outbox.load(await this.#parts.ledger.open());
  }

  /** Hands on what is saved: outcomes first, then the messages in order, then the progress. */
  #show({ fresh, stored, resynced, restored }: SavedItems): void {
    const { ledger, outbox, sender } = this.#parts;
    sender.shown(stored);
    outbox.restore(restored);
    for (const item of fresh) this.#events.emit("message", toImMessage(item, ledger.userId));
    this.#session.progressed(ledger.position.cursor);
    if (resynced) this.#session.startSending();
  }

  #storeFailed(error: ImError): void {
    this.#opening = null;
    this.#events.emit("error", error);
    this.#session.drop(error.message);
  }

  #listenerFailed(cause: unknown, event: keyof ClientEvents): void {
    if (event === "error") return;
    this.#events.emit("error", new ImError("operation_failed", { message: `a listener of "${event}" threw`, cause }));
  }

  #outboxChanged(): void {
    if (this.#outboxToTell || !this.#events.has("outbox")) return;
    this.#outboxToTell = true;
    this.#parts.platform.runtime.endOfTurn(() => {
      this.#outboxToTell = false;
      this.#events.emit("outbox", this.outbox);
    });
  }

  async #finish(state: ClosedState): Promise<void> {
    this.#parts.sender.close(new ImError("closed", { message: `the client is closed: ${state.error.message}` }));
    await Promise.allSettled([this.#opening]);
    await this.#parts.inbox.idle();
    await Promise.allSettled([this.#journal.close()]);
    this.#tellClosed(state);
  }
}
