import { type ImError, isImError } from "../core/errors.js";
import type { GoAwayFrame, HeartbeatFrame, LoginAckFrame, NackFrame, ServerFrame } from "../core/frames.js";
import type { InboxItem, Seq } from "../core/model.js";
import type { Cancel, Runtime } from "../core/runtime.js";
import { loginFrame, uplinkFrame } from "./client-frames.js";
import { type ConnectionEnd, connectionEnd } from "./connection-end.js";
import type { ClientPlatform, OutboxEntry } from "./contracts.js";
import { Heartbeat } from "./heartbeat.js";
import type { Inbox } from "./inbox.js";
import { largestUplink } from "./largest-uplink.js";
import type { Ledger } from "./ledger.js";
import { Link, type LinkEnd } from "./link.js";
import type { Outbox } from "./outbox.js";
import { PushReceipts } from "./push-receipts.js";
import type { Sender } from "./sender.js";
import type { TokenGrant, TokenSource } from "./token.js";
import { TokenRefresh } from "./token-refresh.js";

/** Longest time the server may take to answer the login, ms. */
const LOGIN_WITHIN_MS = 10_000;
/** After a GoAway the server has this long to close, ms. */
const LEAVE_WITHIN_MS = 10_000;

/** The parts of a client that outlive its connections. */
export interface ClientParts {
  readonly platform: ClientPlatform;
  readonly ledger: Ledger;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly tokens: TokenSource;
}

/** Where and as what to connect. */
export interface ConnectionTarget {
  readonly url: string;
  readonly deviceKind: string;
  readonly grant: TokenGrant;
}

/** What a connection tells. Nothing comes after `ended`. */
export interface ConnectionListener {
  /** The login was accepted and its position saved; the stream begins after this call. */
  signedIn(head: Seq): void;
  /** The application's token function failed on the open connection. */
  tokenFailed(error: unknown): void;
  /** The end, exactly once. */
  ended(end: ConnectionEnd): void;
}

/** One socket from dialling to its end: signs in, then carries frames between the server and the client's parts. */
export class Connection {
  readonly #parts: ClientParts;
  readonly #target: ConnectionTarget;
  readonly #listener: ConnectionListener;
  readonly #runtime: Runtime;
  readonly #link: Link;
  readonly #heartbeat: Heartbeat;
  readonly #receipts: PushReceipts;
  readonly #tokenRefresh: TokenRefresh;
  #stage: "opening" | "signing in" | "saving" | "live" | "over" = "opening";
  #deadline: Cancel | null = null;
  #refusal: NackFrame | null = null;
  #goAway: GoAwayFrame | null = null;
  #kickText = "";
  /** How far the inbox was when a heartbeat's answer last named a head beyond it; `null` when it did not. */
  #behindAt: Seq | null = null;

  constructor(parts: ClientParts, target: ConnectionTarget, listener: ConnectionListener) {
    this.#parts = parts;
    this.#target = target;
    this.#listener = listener;
    this.#runtime = parts.platform.runtime;
    this.#heartbeat = new Heartbeat(this.#runtime, {
      beat: () => this.#beat(),
      dead: () => this.drop("nothing was received for two heartbeats"),
    });
    this.#receipts = new PushReceipts(this.#runtime, (cursor) => this.#link.send({ kind: "push_ack", cursor }));
    this.#tokenRefresh = new TokenRefresh(this.#runtime, parts.tokens, {
      send: (token) => this.#link.send({ kind: "token", token }),
      failed: (error) => listener.tokenFailed(error),
    });
    this.#link = new Link(parts.platform, target.url, {
      opened: () => this.#signIn(),
      received: (frames) => this.#receive(frames),
      ended: (end) => this.#end(end),
    });
  }

  /** The token a close for a bad token is about. */
  get token(): string {
    return this.#tokenRefresh.judged ?? this.#target.grant.token;
  }

  /** True between an accepted login and the end. */
  get isLive(): boolean {
    return this.#stage === "live";
  }

  /** Puts one uplink on the wire. */
  transmit(entry: OutboxEntry, afterClientId: number): void {
    this.#link.send(uplinkFrame(entry, afterClientId, this.#parts.ledger.userId));
  }

  /** The cursor moved, and that is saved. */
  progressed(cursor: Seq): void {
    if (this.isLive) this.#receipts.moved(cursor);
  }

  /** Starts to transmit, unless this connection is not up to it (yet). */
  startSending(): void {
    const resyncing = this.#parts.ledger.position.resyncUntil !== null;
    if (this.isLive && !resyncing && this.#goAway === null) this.#parts.outbox.start();
  }

  /** The surroundings changed: finds out soon whether the connection still lives. */
  probe(): void {
    if (this.isLive) this.#heartbeat.probe();
  }

  /** Ends the connection in the orderly way. */
  leave(): void {
    if (this.isLive) this.#receipts.flush();
    this.drop("the client was closed");
  }

  /** Gives the connection up. */
  drop(reason: string): void {
    this.#link.drop(reason);
  }

  #signIn(): void {
    this.#stage = "signing in";
    this.#within(LOGIN_WITHIN_MS, `the login was not answered within ${LOGIN_WITHIN_MS} ms`);
    this.#link.send(loginFrame(this.#target.grant.token, this.#parts.ledger.position, this.#target.deviceKind));
  }

  /** One message of the server. Its items go on together, so that they are saved together. */
  #receive(frames: readonly ServerFrame[]): void {
    this.#heartbeat.heard();
    const items: InboxItem[] = [];
    for (const frame of frames) {
      if (this.#stage === "over") return;
      if (frame.kind === "push") items.push(frame.item);
      else this.#take(frame);
    }
    if (items.length > 0) this.#parts.inbox.push(items);
  }

  #take(frame: ServerFrame): void {
    switch (frame.kind) {
      case "login_ack":
        return this.#acknowledged(frame);
      case "nack":
        return this.#refused(frame);
      case "uplink_ack":
        if (this.isLive) this.#parts.sender.acknowledge(frame);
        return;
      case "heartbeat":
        return this.#compare(frame);
      case "go_away":
        return this.#leaveSoon(frame);
      case "kick":
        this.#kickText = frame.text;
        return;
    }
  }

  /** Answers the login, or on a live connection a new token. */
  #acknowledged(ack: LoginAckFrame): void {
    this.#parts.tokens.serverTime(ack.serverTime);
    if (this.#stage === "signing in") void this.#accepted(ack);
    else if (this.isLive) this.#tokenRefresh.accepted();
  }

  async #accepted(ack: LoginAckFrame): Promise<void> {
    this.#stage = "saving";
    if (this.#goAway === null) this.#cancelDeadline();
    const restored = await this.#savePosition(ack);
    if (restored === null) return;
    // Also when the connection is gone by now: they are in the store's outbox, so the next one has to send them.
    this.#parts.outbox.restore(restored);
    if (this.#stage !== "saving") return;
    this.#stage = "live";
    const { position } = this.#parts.ledger;
    this.#heartbeat.start(ack.heartbeatMs);
    this.#receipts.start(position.cursor);
    this.#tokenRefresh.start(this.#target.grant);
    this.#listener.signedIn(ack.headSeq);
    if (!this.isLive) return;
    this.#parts.inbox.start(position.cursor);
    this.startSending();
  }

  /** `null` when it could not be saved; then the connection has ended or is about to. */
  async #savePosition(ack: LoginAckFrame): Promise<readonly OutboxEntry[] | null> {
    try {
      return await this.#parts.ledger.signIn(ack);
    } catch (error) {
      if (isImError(error, "forbidden")) this.#finish(error);
      return null;
    }
  }

  /** A refusal of the login, of a new token, or of an uplink. */
  #refused(nack: NackFrame): void {
    if (nack.clientId !== 0) {
      if (this.isLive) this.#parts.sender.refuse(nack);
      return;
    }
    if (this.isLive) return this.#refusedToken(nack);
    if (this.#stage !== "signing in") return;
    this.#refusal = nack;
    this.drop(nack.text || `the login was refused (${nack.code})`);
  }

  /** Unless it may be shown again, the close that follows tells the rest. */
  #refusedToken({ code, retryAfterMs }: NackFrame): void {
    if (code === "busy" || code === "rate_limited") this.#tokenRefresh.busy(retryAfterMs);
    else this.#tokenRefresh.refused();
  }

  #beat(): void {
    this.#link.send({ kind: "heartbeat", cursor: this.#parts.ledger.position.cursor, headSeq: 0, serverTime: 0 });
  }

  /** A head that stays out of reach over a whole heartbeat: what is missing will not come by itself. */
  #compare({ headSeq }: HeartbeatFrame): void {
    const { reached, isSaving } = this.#parts.inbox;
    if (!this.isLive || isSaving) return;
    const stuck = headSeq > reached && this.#behindAt === reached;
    this.#behindAt = headSeq > reached ? reached : null;
    if (stuck) this.drop(`items after ${reached} did not arrive`);
  }

  #leaveSoon(frame: GoAwayFrame): void {
    if (this.#goAway !== null) return;
    this.#goAway = frame;
    this.#parts.outbox.pause();
    this.#within(LEAVE_WITHIN_MS, "the server goes away");
  }

  #within(limitMs: number, reason: string): void {
    this.#cancelDeadline();
    this.#deadline = this.#runtime.setTimer(limitMs, () => this.drop(reason));
  }

  #cancelDeadline(): void {
    this.#deadline?.();
    this.#deadline = null;
  }

  #finish(error: ImError): void {
    if (this.#stage === "over") return;
    this.#stop();
    this.#link.drop(error.message);
    this.#listener.ended({ kind: "final", error, closeCode: null });
  }

  #end(end: LinkEnd): void {
    if (this.#stage === "over") return;
    const signedIn = this.#stage === "saving" || this.#stage === "live";
    const { outbox, ledger } = this.#parts;
    const result = connectionEnd(end, {
      refusal: this.#refusal,
      signedIn,
      goAway: this.#goAway,
      kickText: this.#kickText,
      largestUplink: () => largestUplink(outbox, ledger.userId),
    });
    this.#stop();
    this.#listener.ended(result);
  }

  #stop(): void {
    this.#stage = "over";
    this.#cancelDeadline();
    this.#heartbeat.stop();
    this.#receipts.stop();
    this.#tokenRefresh.stop();
    this.#parts.inbox.stop();
    this.#parts.outbox.stop();
  }
}
