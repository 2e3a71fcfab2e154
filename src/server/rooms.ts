import type { MessageStore, Storage, Transport } from "../adapters/contracts/index.js";
import { Emitter } from "../core/emitter.js";
import type { Seq, UserId } from "../core/model.js";
import type { AuthOptions } from "./auth.js";
import { createDispatch } from "./commands/dispatch.js";
import { createHeartbeatCommand } from "./commands/heartbeat.js";
import { createLoginCommand } from "./commands/login.js";
import { createPushAckCommand } from "./commands/push-ack.js";
import { createSendCommand } from "./commands/send.js";
import { createSyncCommand } from "./commands/sync.js";
import { createTokenCommand } from "./commands/token.js";
import { Attendance } from "./connections/attendance.js";
import type { Connection } from "./connections/connection.js";
import { Entrance } from "./connections/entrance.js";
import { LoginRate } from "./connections/login-rate.js";
import { ConnectionTable, type DevicePolicy } from "./connections/table.js";
import { Watchdog } from "./connections/watchdog.js";
import { Admission, type Hooks } from "./delivery/admission.js";
import { Committer } from "./delivery/committer.js";
import { encodePage } from "./delivery/encoded-item.js";
import { HeadReader } from "./delivery/head-reader.js";
import { impatientStore } from "./delivery/impatient-store.js";
import { Router } from "./delivery/router.js";
import { serverMessageOf } from "./delivery/server-messages.js";
import type { ImServerEvents } from "./im-server.js";
import type { Limits } from "./limits.js";
import type { Logger } from "./logger.js";
import type { ServerRuntime } from "./server-runtime.js";

/** The options with every default in its place. */
export interface Settings {
  readonly auth: AuthOptions;
  readonly storage: Storage;
  readonly transport: Transport;
  readonly devices: DevicePolicy;
  readonly hooks: Hooks;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly runtime: ServerRuntime;
}

/** A pump reads this much at a time. */
const PAGE = { maxItems: 200, maxBytes: 262_144 } as const;

/** Everything inside one server, connected. */
export interface Rooms {
  readonly events: Emitter<ImServerEvents>;
  readonly table: ConnectionTable;
  readonly entrance: Entrance;
  readonly watchdog: Watchdog;
  readonly headReader: HeadReader;
  readonly admission: Admission;
  readonly committer: Committer;
}

/** Builds the rooms of a server from the inside out and connects them, in the direction a message walks. */
export function createRooms(settings: Settings): Rooms {
  const { limits, logger, runtime } = settings;
  const store = impatientStore(settings.storage.messages, runtime);
  const events = new Emitter<ImServerEvents>((error, event) => logger.error({ error, event }, "a listener threw"));
  const table = new ConnectionTable(settings.devices, limits.maxDevicesPerUser);
  const watchdog = new Watchdog(table, limits, runtime);
  const headReader = new HeadReader(store, table, limits.heartbeatMs, runtime, logger);
  const admission = new Admission({ ...settings, maxContentBytes: limits.maxContentBytes });
  const committer = createCommitter(settings, store, createRouter(table, events), events);
  const entrance = createEntrance(settings, { store, events, table, watchdog, admission, committer });
  return { events, table, entrance, watchdog, headReader, admission, committer };
}

function createRouter(table: ConnectionTable, events: Emitter<ImServerEvents>): Router {
  return new Router(table, (message) => {
    if (events.has("message")) events.emit("message", { message: serverMessageOf(message) });
  });
}

function createCommitter(
  settings: Settings,
  store: MessageStore,
  router: Router,
  events: Emitter<ImServerEvents>,
): Committer {
  const { storage, runtime, logger, limits } = settings;
  const services = {
    store,
    limits: storage.commitLimits,
    runtime,
    onCommitted: router.route.bind(router),
    onFailed: (error: unknown, uplinks: readonly unknown[]) => {
      logger.warn({ error, uplinks: uplinks.length }, "a commit failed");
      events.emit("failed", { during: "commit", error });
    },
  };
  return new Committer(services, limits.maxQueuedBytes);
}

type Inner = Omit<Rooms, "entrance" | "headReader"> & { readonly store: MessageStore };

function createEntrance(settings: Settings, inner: Inner): Entrance {
  const { runtime, limits, logger } = settings;
  const { store, events, table, watchdog } = inner;
  const attendance = new Attendance();
  const onSignedIn = (connection: Connection, userId: UserId) => {
    entrance.signedIn(connection);
    if (attendance.arrived(connection, userId)) events.emit("online", { userId });
  };
  const onGone = (connection: Connection) => {
    const userId = attendance.left(connection);
    if (userId !== null) events.emit("offline", { userId });
  };
  const services = {
    runtime,
    limits,
    logger,
    handle: createDispatch(createCommands(settings, inner, onSignedIn)),
    readPage: async (userId: UserId, after: Seq) => encodePage(await store.readInbox(userId, after, PAGE)),
    highWaterBytes: () => watchdog.highWaterBytes,
  };
  const entrance = new Entrance(table, services, onGone);
  return entrance;
}

function createCommands(
  settings: Settings,
  { store, table, admission, committer }: Inner,
  onSignedIn: (connection: Connection, userId: UserId) => void,
) {
  const { auth, runtime, logger, limits } = settings;
  const { heartbeatMs } = limits;
  const rate = new LoginRate(runtime);
  return {
    login: createLoginCommand({ auth, store, table, rate, runtime, logger, heartbeatMs, onSignedIn }),
    heartbeat: createHeartbeatCommand(runtime),
    uplink: createSendCommand(admission, committer, logger),
    push_ack: createPushAckCommand(),
    sync: createSyncCommand(store, logger),
    token: createTokenCommand({ auth, rate, runtime, heartbeatMs }),
  };
}
