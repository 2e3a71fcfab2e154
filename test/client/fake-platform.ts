import type { ClientPlatform, ClientSocket, ClientSocketListener } from "../../src/client/contracts.js";
import { decodeClientFrame, encodeBatch, encodeServerFrame } from "../../src/core/codec.js";
import type {
  ClientFrame,
  LoginAckFrame,
  LoginFrame,
  NackFrame,
  ServerFrame,
  UplinkAckFrame,
  UplinkFrame,
} from "../../src/core/frames.js";
import { type InboxItem, messageIdOf } from "../../src/core/model.js";
import { VirtualRuntime, VirtualTime } from "../../src/testing/fakes/virtual-time.js";

/** First half of the ids of the client under test. */
export const ORIGIN = "00112233aabbccdd";
export const EPOCH = "epoch-1";

/** One socket the client dialled, with the server's side in the hands of the test. */
export class FakeSocket implements ClientSocket {
  readonly url: string;
  readonly frames: ClientFrame[] = [];
  closedByClient: number | null = null;
  readonly #listener: ClientSocketListener;

  constructor(url: string, listener: ClientSocketListener) {
    this.url = url;
    this.#listener = listener;
  }

  send(bytes: Uint8Array): void {
    this.frames.push(decodeClientFrame(bytes));
  }

  close(code: number): void {
    this.closedByClient = code;
  }

  /** The handshake succeeds. */
  open(): void {
    this.#listener.onOpen();
  }

  /** The server says `frames` in one message. */
  say(...frames: readonly ServerFrame[]): void {
    this.#listener.onFrame(encodeBatch(frames.map(encodeServerFrame)));
  }

  /** The server says bytes of its own. */
  sayBytes(...bytes: readonly number[]): void {
    this.#listener.onFrame(Uint8Array.from(bytes));
  }

  /** The socket ends. */
  end(code = 1006): void {
    this.#listener.onClosed(code);
  }

  of<Kind extends ClientFrame["kind"]>(kind: Kind): Extract<ClientFrame, { kind: Kind }>[] {
    return this.frames.filter((frame): frame is Extract<ClientFrame, { kind: Kind }> => frame.kind === kind);
  }

  get login(): LoginFrame {
    return this.of("login")[0] as LoginFrame;
  }

  get uplinks(): UplinkFrame[] {
    return this.of("uplink");
  }
}

/** A client's surroundings on virtual time. */
export class FakePlatform implements ClientPlatform {
  readonly time = new VirtualTime();
  readonly runtime: VirtualRuntime;
  readonly sockets: FakeSocket[] = [];
  #wake: () => void = () => {};

  constructor(seed = 1) {
    this.runtime = new VirtualRuntime(this.time, seed);
  }

  readonly dial = (url: string, listener: ClientSocketListener): FakeSocket => {
    const socket = new FakeSocket(url, listener);
    this.sockets.push(socket);
    return socket;
  };

  onWake(wake: () => void): () => void {
    this.#wake = wake;
    return () => {
      this.#wake = () => {};
    };
  }

  /** The network is back. */
  wake(): void {
    this.#wake();
  }

  /** Lets everything happen that needs no time. */
  settle(): Promise<void> {
    return this.time.advance(0);
  }

  /** The socket dialled last. */
  get socket(): FakeSocket {
    return this.sockets[this.sockets.length - 1] as FakeSocket;
  }

  /** Waits for one more socket than there are. */
  async nextSocket(): Promise<FakeSocket> {
    const before = this.sockets.length;
    await this.time.until(() => this.sockets.length > before, 600_000);
    if (this.sockets.length === before) throw new Error("the client dialled no more");
    return this.socket;
  }

  /** Opens the socket dialled last and accepts its login. */
  async accept(ack: Partial<LoginAckFrame> = {}): Promise<FakeSocket> {
    const { socket } = this;
    socket.open();
    socket.say(loginAck({ seq: socket.login.cursor, headSeq: socket.login.cursor, ...ack }));
    await this.settle();
    return socket;
  }
}

export const loginAck = (parts: Partial<LoginAckFrame> = {}): LoginAckFrame => ({
  kind: "login_ack",
  userId: "alice",
  seq: 0,
  headSeq: 0,
  syncEpoch: EPOCH,
  serverTime: 0,
  heartbeatMs: 25_000,
  reset: false,
  origin: ORIGIN,
  ...parts,
});

export const uplinkAck = (clientId: number, seq = 1, parts: Partial<UplinkAckFrame> = {}): UplinkAckFrame => ({
  kind: "uplink_ack",
  clientId,
  seq,
  messageId: messageIdOf(ORIGIN, clientId),
  serverTime: 0,
  syncEpoch: EPOCH,
  ...parts,
});

export const nack = (clientId: number, code: NackFrame["code"], parts: Partial<NackFrame> = {}): NackFrame => ({
  kind: "nack",
  clientId,
  code,
  text: "",
  retryAfterMs: 0,
  syncEpoch: EPOCH,
  ...parts,
});

/** An item of somebody else, or with `clientId` the own copy of a message of the client under test. */
export const item = (seq: number, { clientId, id = seq }: { clientId?: number; id?: number } = {}): InboxItem => ({
  seq,
  message: {
    messageId: clientId === undefined ? messageIdOf("bbbbbbbbbbbbbbbb", id) : messageIdOf(ORIGIN, clientId),
    senderId: clientId === undefined ? "bob" : "alice",
    target: { kind: "single", id: clientId === undefined ? "alice" : "bob" },
    type: 1,
    content: Uint8Array.of(97, 98),
    conversationSeq: seq,
    serverTime: 1_700_000_000_000,
    clientTime: 0,
  },
});

export const push = (seq: number, parts: { clientId?: number; id?: number } = {}): ServerFrame => ({
  kind: "push",
  item: item(seq, parts),
});
