import { WebSocket } from "ws";
import type { ClientSocket, ClientSocketListener, Dial } from "../../../src/client/contracts.js";
import type { DeviceId } from "../../../src/testing/simulation/history.js";
import type { Ear, HeardLink } from "./ear.js";
import type { MortalRuntime } from "./mortal-runtime.js";

/** Far longer than a sound network needs, ms. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
const ABNORMAL = 1006;

/** The ways out of one device, all of them overheard. */
export class Wires {
  readonly #ear: Ear;
  readonly #device: DeviceId;
  readonly #open = new Set<Wire>();

  constructor(ear: Ear, device: DeviceId) {
    this.#ear = ear;
    this.#device = device;
  }

  /** How an application dials. */
  dial(runtime: MortalRuntime): Dial {
    return (url, listener) => {
      const wire = new Wire(url, this.#ear.open(this.#device), {
        ear: this.#ear,
        runtime,
        listener,
        onOver: () => this.#open.delete(wire),
      });
      this.#open.add(wire);
      return wire;
    };
  }

  /** The application died: its system ends its sockets. */
  drop(): void {
    for (const wire of this.#open) wire.drop();
  }
}

interface WireSurroundings {
  readonly ear: Ear;
  readonly runtime: MortalRuntime;
  readonly listener: ClientSocketListener;
  readonly onOver: () => void;
}

/** One WebSocket. */
class Wire implements ClientSocket {
  readonly #socket: WebSocket;
  readonly #link: HeardLink;
  readonly #around: WireSurroundings;

  constructor(url: string, link: HeardLink, around: WireSurroundings) {
    this.#link = link;
    this.#around = around;
    this.#socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_TIMEOUT_MS });
    this.#listen();
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#around.ear.said(this.#link, bytes);
    this.#socket.send(bytes);
  }

  close(code: number, reason: string): void {
    this.#around.ear.over(this.#link);
    this.#socket.close(code, reason);
  }

  drop(): void {
    this.#around.ear.over(this.#link);
    this.#socket.terminate();
  }

  #listen(): void {
    const { ear, runtime, listener, onOver } = this.#around;
    const socket = this.#socket;
    socket.on("upgrade", ({ socket: { localPort } }) => ear.connected(this.#link, localPort ?? 0));
    socket.on("open", () => runtime.inside(() => listener.onOpen()));
    socket.on("message", (data: Buffer) => {
      runtime.inside(() => {
        ear.heard(this.#link, data);
        listener.onFrame(data);
      });
    });
    socket.on("close", (code) => {
      onOver();
      ear.over(this.#link);
      runtime.inside(() => listener.onClosed(code || ABNORMAL));
    });
    // A close follows.
    socket.on("error", () => undefined);
  }
}
