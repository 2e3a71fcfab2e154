import type { InboxPage, MessageStore } from "../../adapters/contracts/index.js";
import { concatBytes, encodeText, toHex } from "../../core/bytes.js";
import { CLOSE } from "../../core/close-codes.js";
import { ImError, isImError, type WireCode } from "../../core/errors.js";
import type { LoginFrame, NackFrame } from "../../core/frames.js";
import type { Origin, Seq, UserId } from "../../core/model.js";
import type { Authenticate, Authenticated } from "../auth.js";
import type { Gate } from "../cluster/gate.js";
import type { Answer, Connection } from "../connections/connection.js";
import type { Session } from "../connections/session.js";
import { type ConnectionTable, REPLACED } from "../connections/table.js";
import type { UserRate } from "../connections/user-rate.js";
import type { Logger } from "../logger.js";
import type { Report } from "../report.js";
import type { ServerRuntime } from "../server-runtime.js";

/** A client signs in: who it is, where it stands, and from there its stream begins. */
export type LoginCommand = (connection: Connection, frame: LoginFrame) => Promise<Answer>;

/** What a login needs. */
export interface LoginServices {
  readonly authenticate: Authenticate;
  readonly store: MessageStore;
  readonly table: ConnectionTable;
  readonly rate: UserRate;
  readonly runtime: ServerRuntime;
  readonly logger: Logger;
  readonly report: Report;
  readonly heartbeatMs: number;
  /** The other nodes; `null` where there are none. */
  readonly gate: Gate | null;
  /** Throws `unauthenticated` for a session whose token was revoked since it was accepted. */
  readonly assertStands: (session: Session) => Promise<void>;
  /** Told when a session is complete. */
  readonly onSignedIn: (connection: Connection, userId: UserId) => void;
}

const REFUSED = "refused";

export function createLoginCommand(services: LoginServices): LoginCommand {
  return async (connection, frame) => {
    try {
      return await signIn(services, connection, frame);
    } catch (error) {
      return refuse(services, connection, error);
    }
  };
}

async function signIn(services: LoginServices, connection: Connection, frame: LoginFrame): Promise<Answer> {
  const { authenticate, rate, table, store, runtime } = services;
  const accepted = await authenticate(frame.token, { address: connection.address });
  if (connection.hasEnded) return {};
  if (!rate.take(accepted.userId)) throw new ImError("rate_limited", { retryAfterMs: 1_000 });
  const session = createSession(accepted, frame, runtime);
  if (!(await isFreeElsewhere(services, connection, session))) throw anotherDevice();
  if (connection.hasEnded) return {};
  const displaced = table.claim(connection, session);
  if (displaced === null) {
    services.gate?.left(connection, session);
    throw anotherDevice();
  }
  for (const other of displaced) other.kick(REPLACED.code, REPLACED.text);
  // Entered above, before the head is read here: an item committed in between is either in the page or hinted.
  const [page] = await Promise.all([
    store.readInbox(session.userId, Math.max(0, frame.cursor - 1), { maxItems: 1, maxBytes: 1 }),
    // Entered above, before this is asked: a revocation in between either finds the connection or is seen here.
    services.assertStands(session),
  ]);
  return connection.hasEnded ? {} : accept(services, { connection, session, frame, page });
}

/** Asks the other nodes, if there are any. A connection that ends meanwhile is taken out of the book again. */
async function isFreeElsewhere({ gate }: LoginServices, connection: Connection, session: Session): Promise<boolean> {
  if (gate === null) return true;
  const isFree = await gate.claim(connection, session);
  if (isFree && connection.hasEnded) gate.left(connection, session);
  return isFree;
}

function anotherDevice(): ImError {
  return new ImError("forbidden", { message: "another device of this user is connected" });
}

interface Accepted {
  readonly connection: Connection;
  readonly session: Session;
  readonly frame: LoginFrame;
  readonly page: InboxPage;
}

function accept(services: LoginServices, { connection, session, frame, page }: Accepted): Answer {
  const { isLegacy, userId, origin } = session;
  const reset = !isLegacy && isOtherHistory(frame, page);
  const start: Seq = isLegacy ? 0 : reset ? Math.min(frame.cursor, page.baseSeq) : frame.cursor;
  if (reset) services.logger.info({ userId, cursor: frame.cursor, start }, "a client is reset; was storage restored?");
  connection.signedIn(session);
  connection.stream?.open(start, page.headSeq, page.syncEpoch);
  // News of another history came while the head was read: the connection has ended, nobody has arrived.
  if (connection.hasEnded) return {};
  services.onSignedIn(connection, userId);
  const reply = {
    kind: "login_ack",
    userId,
    seq: start,
    headSeq: page.headSeq,
    syncEpoch: page.syncEpoch,
    serverTime: services.runtime.now(),
    heartbeatMs: services.heartbeatMs,
    reset,
    origin: isLegacy ? "" : origin,
  } as const;
  return { reply, after: () => (isLegacy ? undefined : connection.stream?.goLive()) };
}

/** The client's cursor does not lie in the history that is here. A new client (cursor 0, no epoch) has none to lose. */
function isOtherHistory(frame: LoginFrame, page: InboxPage): boolean {
  if (frame.syncEpoch === "" && frame.cursor === 0) return false;
  if (frame.syncEpoch !== page.syncEpoch || frame.cursor > page.headSeq) return true;
  if (frame.cursor === 0 || frame.cursorMessageId === null) return false;
  return page.items[0]?.message.messageId !== frame.cursorMessageId;
}

function createSession(accepted: Authenticated, frame: LoginFrame, runtime: ServerRuntime): Session {
  const { userId, expiresAt, issuedAt } = accepted;
  const isLegacy = frame.instanceId === null;
  const instanceId = frame.instanceId ?? runtime.randomBytes(16);
  const deviceKind = accepted.deviceKind ?? frame.deviceKind;
  return { userId, expiresAt, issuedAt, deviceKind, isLegacy, origin: originFor(userId, instanceId, runtime) };
}

/** First 8 bytes of SHA-256 over user and installation: nobody can claim the ids of another user's messages. */
function originFor(userId: UserId, instanceId: Uint8Array, runtime: ServerRuntime): Origin {
  return toHex(runtime.sha256(concatBytes(encodeText(`${userId} `), instanceId)).subarray(0, 8));
}

/** What cannot be decided now brings the client back by itself; what was decided does not. */
function refuse(services: LoginServices, connection: Connection, error: unknown): Answer {
  const known = isImError(error) ? error : new ImError("internal", { cause: error });
  const { code: nackCode, close } = refusalOf(known);
  const { address } = connection;
  if (nackCode === "busy") services.report("login", error, { address });
  else services.logger.info({ error, address }, "a login was refused");
  connection.end(close, REFUSED, nack(nackCode, known.retryAfterMs ?? 0));
  return {};
}

function refusalOf(error: ImError): { code: WireCode; close: number } {
  switch (error.code) {
    case "unauthenticated":
      return { code: "unauthenticated", close: CLOSE.unauthenticated };
    case "forbidden":
      return { code: "forbidden", close: CLOSE.forbidden };
    case "rate_limited":
      return { code: "rate_limited", close: CLOSE.restart };
    default:
      return { code: "busy", close: CLOSE.restart };
  }
}

function nack(code: WireCode, retryAfterMs: number): NackFrame {
  return { kind: "nack", clientId: 0, code, text: "", retryAfterMs, syncEpoch: "" };
}
