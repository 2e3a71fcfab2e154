import { encodeText } from "../../src/core/bytes.js";
import { decodeServerFrames, encodeClientFrame } from "../../src/core/codec.js";
import type { ClientFrame, LoginFrame, ServerFrame, UplinkFrame } from "../../src/core/frames.js";
import type { FakeSocket, FarEnd } from "./fake-transport.js";

type FrameOf<Kind extends ServerFrame["kind"]> = Extract<ServerFrame, { kind: Kind }>;

/** A client that speaks frames by hand and keeps everything it hears. */
export class RawClient implements FarEnd {
  /** What came, message by message. */
  readonly batches: ServerFrame[][] = [];
  /** The same messages as bytes. */
  readonly received: Uint8Array[] = [];
  pings = 0;
  closed: { readonly code: number; readonly reason: string } | null = null;
  /** Answers pings. */
  isAlive = true;
  #socket: FakeSocket | null = null;

  open(socket: FakeSocket): void {
    this.#socket = socket;
  }

  get socket(): FakeSocket {
    if (this.#socket === null) throw new Error("this client was turned away");
    return this.#socket;
  }

  get frames(): ServerFrame[] {
    return this.batches.flat();
  }

  /** Kinds of all frames so far, in order. */
  get kinds(): string[] {
    return this.frames.map(({ kind }) => kind);
  }

  /** Frames of one kind so far. */
  of<Kind extends ServerFrame["kind"]>(kind: Kind): FrameOf<Kind>[] {
    return this.frames.filter((frame): frame is FrameOf<Kind> => frame.kind === kind);
  }

  /** The last frame of one kind. */
  last<Kind extends ServerFrame["kind"]>(kind: Kind): FrameOf<Kind> {
    const frame = this.of(kind).at(-1);
    if (frame === undefined) throw new Error(`no frame of kind ${kind} came, only ${this.kinds.join(", ")}`);
    return frame;
  }

  /** Seqs pushed so far. */
  get pushed(): number[] {
    return this.of("push").map(({ item }) => item.seq);
  }

  /** Forgets what came so far. */
  forget(): void {
    this.batches.length = 0;
    this.received.length = 0;
  }

  send(...frames: ClientFrame[]): void {
    for (const frame of frames) this.sendBytes(encodeClientFrame(frame));
  }

  sendBytes(bytes: Uint8Array): void {
    this.socket.receive(bytes);
  }

  onFrame(bytes: Uint8Array): void {
    this.received.push(bytes);
    this.batches.push(decodeServerFrames(bytes));
  }

  onClosed(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  onPing(): void {
    this.pings++;
    if (this.isAlive) this.#socket?.alive();
  }
}

/** 16 bytes made of one number. */
export const instance = (number: number): Uint8Array => new Uint8Array(16).fill(number);

/** A login of this library's own client; the token is the user's id. */
export function login(userId: string, rest: Partial<LoginFrame> = {}): LoginFrame {
  const place = { cursor: 0, cursorMessageId: null, syncEpoch: "" };
  return { kind: "login", token: userId, instanceId: instance(1), ...place, caps: 0, deviceKind: "", ...rest };
}

/** A login as the original client sends it. */
export function legacyLogin(userId: string): LoginFrame {
  return login(userId, { instanceId: null });
}

/** A text message to a user. */
export function uplink(clientId: number, receiver: string, text: string, rest: Partial<UplinkFrame> = {}): UplinkFrame {
  const content = encodeText(text);
  const shape = { afterClientId: 0, sessionType: 1, sender: "", type: 1, clientTime: 0 };
  return { kind: "uplink", clientId, receiver, content, ...shape, ...rest };
}

export const heartbeat = (cursor = 0): ClientFrame => ({ kind: "heartbeat", cursor, headSeq: 0, serverTime: 0 });
export const pushAck = (cursor: number): ClientFrame => ({ kind: "push_ack", cursor });
export const sync = (seq: number, limit = 0): ClientFrame => ({ kind: "sync", seq, limit, syncEpoch: "" });
