import type { DevicePolicy, MessageStore, Storage, Transport } from "../adapters/contracts/index.js";
import { Emitter } from "../core/emitter.js";
import type { Message, Seq, UserId } from "../core/model.js";
import type { AccountsOptions } from "./accounts/accounts-options.js";
import { type Authenticate, type AuthOptions, createAuthenticate } from "./auth.js";
import { type Cluster, createCluster, type NodeAdapters } from "./cluster/create-cluster.js";
import type { Dismissal } from "./cluster/notices.js";
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
import { Recheck } from "./connections/recheck.js";
import { ConnectionTable } from "./connections/table.js";
import { UserRate } from "./connections/user-rate.js";
import { Watchdog } from "./connections/watchdog.js";
import { Deadlines } from "./deadlines.js";
import { Admission, type Hooks } from "./delivery/admission.js";
import { Committer, type Uplinks } from "./delivery/committer.js";
import { encodePage } from "./delivery/encoded-item.js";
import { HeadReader } from "./delivery/head-reader.js";
import { impatientStore } from "./delivery/impatient-store.js";
import { PendingSender } from "./delivery/pending-sender.js";
import { Router } from "./delivery/router.js";
import { serverMessageOf } from "./delivery/server-message.js";
import { UplinkQueue } from "./delivery/uplink-queue.js";
import { StorageWatch } from "./health/storage-watch.js";
import type { ImServerEvents } from "./im-server.js";
import type { Limits } from "./limits.js";
import type { Logger } from "./logger.js";
import { createReport, type Report } from "./report.js";
import type { ServerRuntime } from "./server-runtime.js";
import { createGatekeeper, type Gatekeeper, kickAll } from "./study.js";

/** The options with every default in its place. */
export interface Settings {
  /** The application's own users; without them they are built in. */
  readonly auth: AuthOptions | undefined;
  readonly accounts: AccountsOptions | undefined;
  readonly storage: Storage;
  readonly transport: Transport;
  /** The other nodes; `null` where this is the only one. */
  readonly nodes: NodeAdapters | null;
  readonly devices: DevicePolicy;
  readonly hooks: Hooks;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly runtime: ServerRuntime;
}

/** A pump reads this much at a time. */
const PAGE = { maxItems: 200, maxBytes: 262_144 } as const;

/** So much of what a stranger sends as an origin is told. */
const MAX_ORIGIN_LENGTH = 200;

/** Everything inside one server, connected. */
export interface Rooms {
  readonly events: Emitter<ImServerEvents>;
  readonly report: Report;
  readonly deadlines: Deadlines;
  readonly storageWatch: StorageWatch;
  /** The storage's messages, answering in time. */
  readonly store: MessageStore;
  readonly table: ConnectionTable;
  readonly entrance: Entrance;
  readonly watchdog: Watchdog;
  readonly headReader: HeadReader;
  readonly admission: Admission;
  readonly committer: Committer;
  /** Where uplinks go: to the committer, or through the queue. */
  readonly uplinks: Uplinks;
  /** Goes between; `null` where uplinks go straight to the committer. */
  readonly uplinkQueue: UplinkQueue | null;
  /** The other nodes; `null` where this is the only one. */
  readonly cluster: Cluster | null;
  readonly pendingSender: PendingSender;
  readonly router: Router;
  readonly recheck: Recheck;
  readonly gatekeeper: Gatekeeper;
  /** Ends every session of a user, here and on every other node; gives how many there were here. */
  readonly dismiss: (userId: UserId, reason: string) => number;
  readonly authenticate: Authenticate;
}

/**
 * Builds the rooms of a server from the inside out and connects them, in the direction a message walks.
 * @param assertRunning throws `unavailable` unless the server runs
 */
export function createRooms(settings: Settings, assertRunning: () => void): Rooms {
  const { limits, logger, runtime, storage } = settings;
  const events = new Emitter<ImServerEvents>((error, event) => logger.error({ error, event }, "a listener threw"));
  const report = createReport(logger, events);
  const deadlines = new Deadlines(runtime);
  const storageWatch = new StorageWatch({ storage, runtime, deadlines, report, logger });
  const store = impatientStore(storage.messages, storageWatch);
  const table = new ConnectionTable(settings.devices, limits.maxDevicesPerUser);
  const watchdog = new Watchdog(table, limits, runtime);
  const recheckHere = (userId: UserId): void => recheck.user(userId);
  const cluster = createNodes(settings, table, recheckHere);
  const headReader = new HeadReader(store, table, headsMsOf(settings, cluster), runtime, report);
  const dismiss = (userId: UserId, reason: string) => dismissFrom(table, cluster, userId, reason);
  const recheckEverywhere = (userId: UserId): void => {
    recheckHere(userId);
    cluster?.gate.recheck(userId);
  };
  const gatekeeper = createGatekeeper({ ...settings, dismiss, recheck: recheckEverywhere, events, assertRunning });
  const { auth } = gatekeeper;
  const authenticate = createAuthenticate(auth, runtime, deadlines);
  const admission = new Admission({ ...settings, auth, deadlines, maxContentBytes: limits.maxContentBytes });
  const recheck = new Recheck({ auth, table, runtime, deadlines, report });
  const router = createRouter(table, events, cluster);
  const committer = createCommitter(settings, store, router, report);
  const uplinkQueue = createUplinkQueue(settings, cluster, committer);
  const pendingSender = createPendingSender(settings, { router, report, storageWatch });
  const inner = {
    events,
    report,
    deadlines,
    storageWatch,
    store,
    table,
    watchdog,
    headReader,
    admission,
    committer,
    uplinks: uplinkQueue ?? committer,
    uplinkQueue,
    cluster,
    pendingSender,
    router,
    recheck,
    gatekeeper,
    dismiss,
    authenticate,
  };
  return { ...inner, entrance: createEntrance(settings, inner) };
}

function createNodes(
  { nodes, devices: policy, limits, runtime, logger }: Settings,
  table: ConnectionTable,
  recheck: (userId: UserId) => void,
): Cluster | null {
  if (nodes === null) return null;
  const dismiss = ({ userId, reason, olderThanMs }: Dismissal): void =>
    void kickAll(table, userId, reason, runtime.elapsed() - olderThanMs);
  const maxDevices = limits.maxDevicesPerUser;
  return createCluster({ nodes, table, policy, maxDevices, runtime, logger, dismiss, recheck });
}

/** Of what others commit nobody tells this node, unless they are a cluster and hear each other: the heads say it. */
function headsMsOf({ storage, limits }: Settings, cluster: Cluster | null): () => number {
  const { heartbeatMs, pollHeadsMs } = limits;
  const often = Math.min(pollHeadsMs, heartbeatMs);
  if (storage.isShared !== true) return () => heartbeatMs;
  return () => (cluster === null || cluster.gate.isCutOff ? often : heartbeatMs);
}

/** Ends every session of a user, here and on every other node; gives how many there were here. */
function dismissFrom(table: ConnectionTable, cluster: Cluster | null, userId: UserId, reason: string): number {
  cluster?.gate.dismiss({ userId, reason, olderThanMs: 0 });
  return kickAll(table, userId, reason);
}

function createRouter(table: ConnectionTable, events: Emitter<ImServerEvents>, cluster: Cluster | null): Router {
  const onMessage = (message: Message): void => {
    if (events.has("message")) events.emit("message", { message: serverMessageOf(message) });
  };
  return new Router(table, onMessage, cluster?.gate ?? null);
}

function createUplinkQueue(
  { nodes, runtime, limits: { maxQueuedBytes } }: Settings,
  cluster: Cluster | null,
  committer: Committer,
): UplinkQueue | null {
  if (cluster === null || nodes?.queue === undefined) return null;
  const { health } = cluster;
  const isUp = () => health.queue.isUp;
  const queue = new UplinkQueue({ ...cluster, queue: nodes.queue, committer, runtime, isUp, maxQueuedBytes });
  nodes.queue.bind({
    take: (records) => queue.take(records),
    onCondition: (condition) => void health.queue.set(condition),
  });
  return queue;
}

function createCommitter(settings: Settings, store: MessageStore, router: Router, report: Report): Committer {
  const { storage, runtime, limits } = settings;
  const services = {
    store,
    limits: storage.commitLimits,
    runtime,
    onCommitted: router.route.bind(router),
    onFailed: (error: unknown, uplinks: readonly unknown[]) => report("commit", error, { uplinks: uplinks.length }),
  };
  return new Committer(services, limits.maxQueuedBytes);
}

function createPendingSender(
  { storage, runtime }: Settings,
  services: Pick<Rooms, "router" | "report" | "storageWatch">,
): PendingSender {
  const { pendingSends, commitLimits } = storage;
  return new PendingSender({ ...services, pendingSends, maxUplinks: commitLimits.maxUplinks, runtime });
}

type Inner = Omit<Rooms, "entrance">;

function createEntrance(settings: Settings, inner: Inner): Entrance {
  const { runtime, limits } = settings;
  const { store, events, report, table, watchdog, cluster } = inner;
  const attendance = new Attendance();
  const onSignedIn = (connection: Connection, userId: UserId) => {
    entrance.signedIn(connection);
    if (attendance.arrived(connection, userId)) events.emit("online", { userId });
  };
  const onGone = (connection: Connection) => {
    if (connection.session !== null) cluster?.gate.left(connection, connection.session);
    const userId = attendance.left(connection);
    if (userId !== null) events.emit("offline", { userId });
  };
  const services = {
    runtime,
    limits,
    report,
    handle: createDispatch(createCommands(settings, inner, onSignedIn)),
    readPage: async (userId: UserId, after: Seq) => encodePage(await store.readInbox(userId, after, PAGE)),
    highWaterBytes: () => watchdog.highWaterBytes,
  };
  const onOriginRefused = (address: string, origin: string) => {
    events.emit("audit", { action: "origin_refused", address, origin: origin.slice(0, MAX_ORIGIN_LENGTH) });
  };
  const entrance = new Entrance(table, services, onGone, onOriginRefused);
  return entrance;
}

function createCommands(
  { runtime, logger, limits }: Settings,
  { store, report, table, admission, uplinks, authenticate, recheck, cluster }: Inner,
  onSignedIn: (connection: Connection, userId: UserId) => void,
) {
  const { heartbeatMs } = limits;
  const rate = new UserRate(runtime);
  const assertStands = recheck.assertStands.bind(recheck);
  const loginServices = {
    authenticate,
    store,
    table,
    rate,
    runtime,
    logger,
    report,
    heartbeatMs,
    gate: cluster?.gate ?? null,
    assertStands,
    onSignedIn,
  };
  return {
    login: createLoginCommand(loginServices),
    heartbeat: createHeartbeatCommand(runtime),
    uplink: createSendCommand(admission, uplinks, report),
    push_ack: createPushAckCommand(),
    sync: createSyncCommand(store, report),
    token: createTokenCommand({ authenticate, rate, runtime, heartbeatMs }),
  };
}
