import type { UpgradeSource } from "../adapters/contracts/index.js";
import { memoryStorage } from "../adapters/memory/memory-storage.js";
import { wsTransport } from "../adapters/ws/ws-transport.js";
import { ImError } from "../core/errors.js";
import { assertId, invalidArgument } from "../core/model.js";
import type { NodeAdapters } from "./cluster/create-cluster.js";
import { createServerMessages } from "./delivery/server-messages.js";
import { drain, waitFor } from "./drain.js";
import { createHttpApi } from "./http/create-http-api.js";
import type { HttpApiOptions } from "./http/http-options.js";
import type { CallOrigin } from "./im-accounts.js";
import type { ImServer, ImServerEvents, Listening, ListenOptions, ServerHealth, ServerSessions } from "./im-server.js";
import { DEFAULT_LIMITS, type Limits } from "./limits.js";
import { harmlessLogger } from "./logger.js";
import { type ImServerOptions, parseOptions } from "./options.js";
import { type OpenHttpServer, openHttpServer } from "./platform/http-server.js";
import { createNodeHandler, type NodeHandler } from "./platform/node-handler.js";
import { stderrLogger } from "./platform/stderr-logger.js";
import { systemRuntime } from "./platform/system-runtime.js";
import { createRooms, type Rooms, type Settings } from "./rooms.js";
import { createStudy } from "./study.js";

const DEFAULT_GRACE_MS = 10_000;
const MAX_REASON_LENGTH = 500;
const EVENTS: readonly string[] = [
  "message",
  "online",
  "offline",
  "failed",
  "audit",
] satisfies (keyof ImServerEvents)[];

/**
 * A chat server inside your process. Nothing happens before `start`, `listen` or the first call of `attach` + `start`.
 * Errors: one `invalid_argument` that lists every problem with the options.
 */
export function createImServer(options: ImServerOptions = {}): ImServer {
  return new EmbeddedImServer(withDefaults(parseOptions(options)));
}

function withDefaults(options: ImServerOptions): Settings {
  return {
    auth: options.auth,
    accounts: options.accounts,
    storage: options.storage ?? memoryStorage(),
    transport: options.transport ?? wsTransport(),
    nodes: nodesOf(options),
    devices: options.devices ?? "multi",
    hooks: options.hooks ?? {},
    limits: limitsOf(options.limits ?? {}),
    logger: harmlessLogger(options.logger ?? stderrLogger()),
    runtime: options.runtime ?? systemRuntime(),
  };
}

/** Either all of them are given or none, see options.ts. */
function nodesOf({ discovery, presence, rpc, queue }: ImServerOptions): NodeAdapters | null {
  if (discovery === undefined || presence === undefined || rpc === undefined) return null;
  return { discovery, presence, rpc, queue };
}

/** A limit given as `undefined` was not given: it must not take the default's place. */
function limitsOf(given: Partial<Limits>): Limits {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(said) };
}

class EmbeddedImServer implements ImServer {
  readonly messages;
  readonly users;
  readonly friends;
  readonly groups;
  readonly sessions: ServerSessions;
  readonly #settings: Settings;
  readonly #rooms: Rooms;
  readonly #httpServers: OpenHttpServer[] = [];
  /** Calls of the HTTP API under way. */
  #httpCalls = 0;
  #state: "new" | "running" | "closing" = "new";
  #starting: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  /** What went wrong while it was closed. */
  readonly #failures: unknown[] = [];
  /** When waiting for a drain ends, elapsed ms. */
  #deadline = Number.POSITIVE_INFINITY;

  constructor(settings: Settings) {
    const assertRunning = () => this.#assertRunning();
    const rooms = createRooms(settings, assertRunning);
    this.#settings = settings;
    this.#rooms = rooms;
    const { runtime, storage, limits } = settings;
    this.messages = createServerMessages({ ...rooms, runtime, pendingSends: storage.pendingSends, assertRunning });
    const study = createStudy({ ...settings, ...rooms, assertRunning });
    this.users = rooms.gatekeeper.users;
    this.friends = study.friends;
    this.groups = study.groups;
    this.sessions = { disconnect: async (userId, { reason } = {}) => this.#disconnect(userId, reason) };
    settings.transport.bind(rooms.entrance, limits);
  }

  on<Name extends keyof ImServerEvents>(event: Name, listener: (event: ImServerEvents[Name]) => void): () => void {
    if (!EVENTS.includes(event)) throw invalidArgument(`on() knows the events ${EVENTS.join(", ")}`, event);
    if (typeof listener !== "function") throw invalidArgument("on() takes a function to call", listener);
    return this.#rooms.events.on(event, listener);
  }

  async authenticate(token: string, { address = "" }: CallOrigin = {}) {
    this.#assertRunning();
    if (typeof token !== "string") throw new ImError("unauthenticated");
    const { userId, expiresAt } = await this.#rooms.authenticate(token, { address });
    return { userId, expiresAt };
  }

  attach(server: UpgradeSource): void {
    const { transport } = this.#settings;
    if (transport.attach === undefined) {
      throw new ImError("invalid_argument", { message: "this transport does not take sockets from an http server" });
    }
    transport.attach(server);
  }

  health(): ServerHealth {
    const { storageWatch } = this.#rooms;
    const ready = this.#state === "running" && storageWatch.isUp;
    return { ready, storage: storageWatch.health, ...this.#nodeHealth() };
  }

  #nodeHealth(): Partial<ServerHealth> {
    const { cluster } = this.#rooms;
    if (cluster === null) return {};
    const { discovery, presence, rpc, queue } = cluster.health;
    const others = { discovery: discovery.current, presence: presence.current, rpc: rpc.current };
    return this.#settings.nodes?.queue === undefined ? others : { ...others, queue: queue.current };
  }

  async start(): Promise<void> {
    this.#assertNotClosed();
    this.#starting ??= this.#start().catch((error) => {
      this.#starting = null;
      throw error;
    });
    await this.#starting;
  }

  async listen(port: number, { host, http: api }: ListenOptions = {}): Promise<Listening> {
    this.#assertNotClosed();
    const http = await openHttpServer({ port, host, handler: this.#httpHandler(api) });
    try {
      this.attach(http.server);
      await this.start();
    } catch (error) {
      await http.close();
      throw error;
    }
    this.#httpServers.push(http);
    const url = new URL(http.url);
    return { url: `ws://${url.host}${this.#settings.transport.path ?? ""}`, port: Number(url.port) };
  }

  close({ graceMs = DEFAULT_GRACE_MS }: { readonly graceMs?: number } = {}): Promise<void> {
    if (!(typeof graceMs === "number" && graceMs >= 0)) {
      return Promise.reject(invalidArgument("graceMs must be a number of milliseconds from 0 on", graceMs));
    }
    const now = this.#settings.runtime.elapsed();
    this.#deadline = this.#closing === null ? now + graceMs : now;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #httpHandler(api: boolean | HttpApiOptions = this.#rooms.gatekeeper.isBuiltIn): NodeHandler | undefined {
    if (api === false) return undefined;
    const { logger, runtime } = this.#settings;
    const onError = (error: unknown, correlationId: string) => {
      logger.error({ error, correlationId }, "an HTTP call failed; its client was given the correlationId");
      this.#rooms.events.emit("failed", { during: "command", error });
    };
    const { fetch } = createHttpApi(this, { onError, runtime, ...(api === true ? {} : api) });
    return createNodeHandler({ fetch: (...args) => this.#counted(fetch(...args)) });
  }

  /** A close lets it come to its end. */
  async #counted<T>(call: Promise<T>): Promise<T> {
    this.#httpCalls++;
    try {
      return await call;
    } finally {
      this.#httpCalls--;
    }
  }

  async #start(): Promise<void> {
    const { transport, logger, nodes } = this.#settings;
    await this.#rooms.storageWatch.open();
    this.#assertNotClosed();
    await this.#rooms.cluster?.gate.start();
    await nodes?.queue?.start();
    this.#assertNotClosed();
    await transport.start();
    this.#assertNotClosed();
    this.#state = "running";
    this.#rooms.watchdog.start();
    this.#rooms.headReader.start();
    this.#rooms.pendingSender.start();
    this.#rooms.recheck.start();
    logger.info({}, "the server runs");
  }

  async #close(): Promise<void> {
    const { storage, transport, runtime, logger, nodes } = this.#settings;
    const { cluster } = this.#rooms;
    this.#state = "closing";
    await this.#inTime(this.#starting?.catch(() => {}));
    const leaveOthers = async (): Promise<void> => {
      await Promise.all([this.#end(cluster?.gate.leave()), this.#end(nodes?.queue?.stopTaking())]);
    };
    const around = { transport, runtime, leaveOthers: cluster === null ? null : leaveOthers };
    await drain({ ...this.#rooms, ...around }, () => this.#isLate);
    await waitFor(runtime, () => this.#isLate || this.#httpCalls === 0);
    this.#rooms.headReader.stop();
    this.#rooms.recheck.stop();
    this.#rooms.watchdog.stop();
    this.#rooms.storageWatch.stop();
    this.#rooms.committer.close();
    this.#rooms.deadlines.close();
    await this.#noted(transport.close());
    await this.#end(cluster?.gate.close());
    await this.#end(nodes?.queue?.close());
    await Promise.all(this.#httpServers.map((http) => this.#noted(http.close())));
    await this.#end(storage.close());
    if (this.#failures.length > 0) throw this.#failures[0];
    logger.info({}, "the server is closed");
  }

  /** One part of a close, which may hang, but not beyond the deadline. */
  #end(work: Promise<void> | undefined): Promise<void> {
    return this.#noted(this.#inTime(work));
  }

  /** One part of a close. What fails is told at the end: it keeps no other part open. */
  async #noted(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => {
      this.#settings.logger.error({ error }, "a part of the server could not be closed; going on with the others");
      this.#failures.push(error);
    });
  }

  get #isLate(): boolean {
    return this.#settings.runtime.elapsed() >= this.#deadline;
  }

  /** Waits for a storage, which may hang, but not beyond the deadline. Errors: what `work` rejects with in time. */
  async #inTime(work: Promise<void> | undefined): Promise<void> {
    let isDone = work === undefined;
    const done = work?.finally(() => {
      isDone = true;
    });
    const late = waitFor(this.#settings.runtime, () => isDone || this.#isLate);
    await Promise.race([done, late]);
  }

  #disconnect(userId: string, reason: unknown = "disconnected"): number {
    assertId(userId, "userId");
    if (typeof reason !== "string" || reason.length > MAX_REASON_LENGTH) {
      throw invalidArgument(`reason must be a string of at most ${MAX_REASON_LENGTH} characters`, reason);
    }
    const ended = this.#rooms.dismiss(userId, reason);
    if (ended > 0) this.#rooms.events.emit("audit", { action: "kicked", userId, reason });
    return ended;
  }

  #assertNotClosed(): void {
    if (this.#state === "closing") throw new ImError("unavailable", { message: "the server was closed" });
  }

  #assertRunning(): void {
    this.#assertNotClosed();
    if (this.#state === "new") throw new ImError("unavailable", { message: "call start() or listen() first" });
  }
}
