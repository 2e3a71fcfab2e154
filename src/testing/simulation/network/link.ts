import type { Socket, SocketListener, TransportHost } from "../../../adapters/contracts/index.js";
import type { ClientSocket, ClientSocketListener } from "../../../client/contracts.js";
import { CLOSE } from "../../../core/close-codes.js";
import type { SeededRandom } from "../../fakes/random.js";
import type { VirtualRuntime, VirtualTime } from "../../fakes/virtual-time.js";
import type { DeviceId, LinkId } from "../history.js";
import { type Parcel, Pipe } from "./pipe.js";
import { delayMs, type LinkQuality, type NetworkWeather } from "./weather.js";

/** A listening server process. */
export interface ListeningProcess {
  /** The number of its machine. */
  readonly node: number;
  readonly runtime: VirtualRuntime;
  readonly host: TransportHost;
  readonly maxFrameBytes: number;
}

/** What all links share. */
export interface LinkSurroundings {
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly weather: NetworkWeather;
  /** Sees, and may change, what reaches the client; `null` swallows it. */
  readonly onDown: (link: Link, bytes: Uint8Array) => Uint8Array | null;
  readonly onUp: (link: Link, bytes: Uint8Array) => void;
  /** Something waits in the server process, because the way is full. */
  readonly onWaiting: (link: Link) => void;
  /** The server said goodbye with this code. */
  readonly onGoodbye: (link: Link, code: number) => void;
  /** The link is over or no longer what it seems to be. */
  readonly onDisturbed: (link: Link) => void;
  /** The server's end is over, and the server knows, or is dead. */
  readonly onServerOver?: (link: Link) => void;
}

/** A server that said goodbye to a silent client waits this long. */
const GOODBYE_MS = 3_000;

/** One socket between one client process and one server process, with both its ends. */
export class Link {
  readonly id: LinkId;
  readonly device: DeviceId;
  readonly quality: LinkQuality;
  readonly #client: VirtualRuntime;
  readonly #listener: ClientSocketListener;
  readonly #around: LinkSurroundings;
  readonly #up: Pipe;
  readonly #down: Pipe;
  #server: ListeningProcess | null = null;
  #serverListener: SocketListener | null = null;
  #clientState: "dialling" | "open" | "over" = "dialling";
  #serverOver = false;
  #isCut = false;

  constructor(
    id: LinkId,
    device: DeviceId,
    client: VirtualRuntime,
    listener: ClientSocketListener,
    quality: LinkQuality,
    around: LinkSurroundings,
  ) {
    this.id = id;
    this.device = device;
    this.quality = quality;
    this.#client = client;
    this.#listener = listener;
    this.#around = around;
    const { time, weather, random } = around;
    const way = {
      delayMs: (bytes: number) => delayMs(weather, quality, random, bytes),
      windowBytes: quality.windowBytes,
    };
    this.#up = new Pipe(
      time,
      way,
      (parcel) => this.#atServer(parcel),
      () => undefined,
    );
    this.#down = new Pipe(
      time,
      way,
      (parcel) => this.#atClient(parcel),
      () => this.#flushed(),
    );
  }

  /** Neither end will hear anything any more. */
  get isOver(): boolean {
    const isServerOver = this.#serverOver || this.#server?.runtime.dead !== false;
    return (this.#clientState === "over" || this.#client.dead) && isServerOver;
  }

  /** Both ends are alive, or not yet connected, and bytes go through. */
  get isSound(): boolean {
    return !this.#isCut && !this.#up.isStalled;
  }

  /** The process that dialled. */
  get client(): VirtualRuntime {
    return this.#client;
  }

  /** The process at the other end, as soon as the link has arrived there. */
  get server(): ListeningProcess | null {
    return this.#server;
  }

  /** Bytes waiting in the server process. */
  get bufferedBytes(): number {
    return this.#down.bufferedBytes;
  }

  get clientEnd(): ClientSocket {
    return { send: (bytes) => this.#sendUp(bytes), close: (code) => this.#closeClient(code) };
  }

  /** The link reaches a process; false when it is turned away. */
  arrive(server: ListeningProcess): boolean {
    if (this.#clientState !== "dialling" || server.host.admit({ address: this.device }) !== null) return false;
    this.#server = server;
    this.#down.put({ kind: "open" });
    this.#serverListener = server.host.open(this.#serverEnd());
    return true;
  }

  /** The client hears that its arrival failed. */
  refuse(): void {
    this.#down.put({ kind: "end", code: CLOSE.abnormal });
  }

  /**
   * The link is gone. Each side notices after so many ms; `null`: never.
   */
  cut(clientNoticesMs: number | null, serverNoticesMs: number | null): void {
    this.#isCut = true;
    this.#up.breakOff();
    this.#down.breakOff();
    this.#around.onDisturbed(this);
    if (clientNoticesMs !== null) this.#later(clientNoticesMs, () => this.#endClient(CLOSE.abnormal));
    if (serverNoticesMs !== null) this.#later(serverNoticesMs, () => this.#endServer(CLOSE.abnormal));
  }

  /** Bytes go nowhere; nobody is told. */
  stall(): void {
    this.#around.onDisturbed(this);
    this.#up.stall();
    this.#down.stall();
  }

  /** A stalled link comes back to life. */
  goOn(): void {
    this.#up.goOn();
    this.#down.goOn();
  }

  #serverEnd(): Socket {
    const down = this.#down;
    return {
      address: this.device,
      get bufferedBytes() {
        return down.bufferedBytes;
      },
      send: (bytes) => this.#sendDown({ kind: "frame", bytes }),
      pause: () => this.#up.pause(),
      resume: () => this.#up.resume(),
      ping: () => this.#sendDown({ kind: "ping" }),
      close: (code) => this.#closeServer(code),
      terminate: () => this.#terminate(),
    };
  }

  #sendUp(bytes: Uint8Array): void {
    if (this.#clientState !== "open" || this.#client.dead) return;
    this.#around.onUp(this, bytes);
    this.#up.put({ kind: "frame", bytes });
  }

  #sendDown(parcel: Parcel): void {
    if (this.#serverOver || this.#server?.runtime.dead !== false) return;
    this.#down.put(parcel);
    if (this.#down.bufferedBytes > 0) this.#around.onWaiting(this);
  }

  #closeClient(code: number): void {
    if (this.#clientState === "over" || this.#client.dead) return;
    if (this.#clientState === "dialling") this.cut(0, 0);
    this.#around.onDisturbed(this);
    this.#up.put({ kind: "end", code });
  }

  #closeServer(code: number): void {
    if (this.#serverOver || this.#server?.runtime.dead !== false) return;
    this.#around.onGoodbye(this, code);
    this.#down.put({ kind: "end", code });
    this.#later(GOODBYE_MS, () => this.#endServer(code));
  }

  #terminate(): void {
    if (this.#server?.runtime.dead !== false) return;
    this.cut(this.#around.weather.latencyMs, 0);
  }

  #atServer(parcel: Parcel): void {
    this.#server?.runtime.inside(() => this.#readAtServer(parcel));
  }

  #readAtServer(parcel: Parcel): void {
    if (this.#serverOver) return;
    if (parcel.kind === "end") {
      this.#later(this.#around.weather.latencyMs, () => this.#endClient(parcel.code));
      this.#endServer(parcel.code);
    }
    if (parcel.kind === "frame") this.#serverListener?.onFrame(parcel.bytes);
    if (parcel.kind === "pong") this.#serverListener?.onAlive();
  }

  #atClient(parcel: Parcel): void {
    if (this.#clientState === "over" || this.#client.dead) return;
    if (parcel.kind === "open") {
      this.#clientState = "open";
      this.#listener.onOpen();
    } else if (parcel.kind === "end") {
      this.#later(this.#around.weather.latencyMs, () => this.#endServer(parcel.code));
      this.#endClient(parcel.code);
    } else if (parcel.kind === "ping") {
      this.#up.put({ kind: "pong" });
    } else if (parcel.kind === "frame") {
      const bytes = this.#around.onDown(this, parcel.bytes);
      if (bytes !== null) this.#listener.onFrame(bytes);
    }
  }

  #flushed(): void {
    this.#server?.runtime.inside(() => {
      if (!this.#serverOver) this.#serverListener?.onFlushed();
    });
  }

  #endClient(code: number): void {
    if (this.#clientState === "over") return;
    this.#clientState = "over";
    this.#down.breakOff();
    this.#around.onDisturbed(this);
    if (!this.#client.dead) this.#listener.onClosed(code);
  }

  /** A server that stands still finds out when it goes on. */
  #endServer(code: number): void {
    if (this.#server?.runtime.frozen === true) this.#server.runtime.inside(() => this.#endServerNow(code));
    else this.#endServerNow(code);
  }

  #endServerNow(code: number): void {
    if (this.#serverOver) return;
    this.#serverOver = true;
    this.#up.breakOff();
    this.#around.onServerOver?.(this);
    if (this.#server?.runtime.dead === false) this.#serverListener?.onClosed(code);
  }

  #later(ms: number, run: () => void): void {
    this.#around.time.after(ms, run);
  }
}
