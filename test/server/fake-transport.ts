import type {
  Refusal,
  Socket,
  SocketListener,
  Transport,
  TransportHost,
  TransportLimits,
} from "../../src/adapters/contracts/index.js";
import type { VirtualTime } from "../../src/testing/fakes/virtual-time.js";

/** What the far end of a {@link FakeSocket} is told. */
export interface FarEnd {
  onFrame(bytes: Uint8Array): void;
  onClosed(code: number, reason: string): void;
  onPing(): void;
}

/** How long a goodbye waits for a far end that does not read, ms. */
const GOODBYE_MS = 3_000;

/** A socket without a network: frames arrive in the turn they are sent, unless one of the ends does not read. */
export class FakeSocket implements Socket {
  readonly address: string;
  readonly #time: VirtualTime;
  readonly #far: FarEnd;
  readonly #incoming: Uint8Array[] = [];
  readonly #outgoing: Uint8Array[] = [];
  #listener: SocketListener | null = null;
  #isFarReading = true;
  #isPaused = false;
  #goodbye: { code: number; reason: string } | null = null;
  #isOver = false;

  constructor(address: string, time: VirtualTime, far: FarEnd) {
    this.address = address;
    this.#time = time;
    this.#far = far;
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Frames the server has not read. */
  get unread(): number {
    return this.#incoming.length;
  }

  get bufferedBytes(): number {
    return this.#outgoing.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  // --- the server's end ---

  send(bytes: Uint8Array): void {
    if (this.#goodbye !== null || this.#isOver) return;
    this.#outgoing.push(bytes);
    this.#time.after(0, () => this.#flush());
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#time.after(0, () => this.#read());
  }

  ping(): void {
    if (!this.#isOver) this.#far.onPing();
  }

  close(code: number, reason: string): void {
    if (this.#goodbye !== null || this.#isOver) return;
    this.#goodbye = { code, reason };
    this.#time.after(this.#isFarReading ? 0 : GOODBYE_MS, () => this.#end(code, reason));
  }

  terminate(): void {
    this.#end(1006, "");
  }

  // --- the far end ---

  receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#incoming.push(bytes);
    this.#read();
  }

  setFarReading(isReading: boolean): void {
    this.#isFarReading = isReading;
    this.#flush();
  }

  /** The far end takes so many messages and then no more. */
  take(count: number): void {
    for (const bytes of this.#outgoing.splice(0, count)) this.#far.onFrame(bytes);
    this.#listener?.onFlushed();
  }

  alive(): void {
    if (!this.#isOver) this.#listener?.onAlive();
  }

  /** The connection breaks, or the far end says goodbye. */
  drop(code: number): void {
    this.#end(code, "");
  }

  #read(): void {
    while (!this.#isPaused && !this.#isOver && this.#goodbye === null) {
      const bytes = this.#incoming.shift();
      if (bytes === undefined) return;
      this.#listener?.onFrame(bytes);
    }
  }

  #flush(): void {
    if (this.#isOver || !this.#isFarReading || this.#outgoing.length === 0) return;
    this.take(this.#outgoing.length);
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    if (this.#isFarReading) this.#flush();
    this.#isOver = true;
    this.#outgoing.length = 0;
    this.#far.onClosed(code, reason);
    this.#listener?.onClosed(code);
  }
}

/** A transport whose arrivals are made by the test. */
export class FakeTransport implements Transport {
  readonly #time: VirtualTime;
  readonly #sockets = new Set<FakeSocket>();
  #host: TransportHost | null = null;
  limits: TransportLimits | null = null;
  refusal: Refusal | null = null;
  isOpen = false;
  closedTimes = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  bind(host: TransportHost, limits: TransportLimits): void {
    this.#host = host;
    this.limits = limits;
  }

  async start(): Promise<void> {
    this.isOpen = true;
  }

  stopAccepting(refusal: Refusal): void {
    this.refusal = refusal;
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.closedTimes++;
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Someone arrives; a refusal when they are turned away. */
  arrive(address: string, far: FarEnd): FakeSocket | Refusal {
    const host = this.#host;
    if (host === null || !this.isOpen) return { status: 503, retryAfterMs: 0 };
    const refusal = this.refusal ?? host.admit({ address });
    if (refusal !== null) return refusal;
    const socket = new FakeSocket(address, this.#time, far);
    this.#sockets.add(socket);
    socket.listen(host.open(socket));
    return socket;
  }
}
