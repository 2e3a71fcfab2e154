import { CLOSE } from "../core/close-codes.js";
import { decodeServerFrames, encodeClientFrame } from "../core/codec.js";
import type { ClientFrame, ServerFrame } from "../core/frames.js";
import type { Cancel } from "../core/runtime.js";
import type { ClientPlatform, ClientSocket } from "./contracts.js";

/** Longest time a socket may take to open, ms. */
const OPEN_WITHIN_MS = 10_000;

/** How a link ended. */
export interface LinkEnd {
  /** Close code of the server; `null` when this side gave up. */
  readonly closeCode: number | null;
  readonly reason: string;
}

/** What a link tells. Nothing comes after `ended`. */
export interface LinkListener {
  opened(): void;
  /** The frames of one message, in order. */
  received(frames: readonly ServerFrame[]): void;
  /** The end, exactly once. */
  ended(end: LinkEnd): void;
}

/** One attempt at a socket, in frames instead of bytes. */
export class Link {
  readonly #listener: LinkListener;
  readonly #socket: ClientSocket;
  readonly #cancelOpening: Cancel;
  #over = false;

  constructor(platform: ClientPlatform, url: string, listener: LinkListener) {
    this.#listener = listener;
    const late = `the socket did not open within ${OPEN_WITHIN_MS} ms`;
    this.#cancelOpening = platform.runtime.setTimer(OPEN_WITHIN_MS, () => this.drop(late));
    this.#socket = platform.dial(url, {
      onOpen: () => this.#open(),
      onFrame: (bytes) => this.#read(bytes),
      onClosed: (code) => this.#end({ closeCode: code, reason: `the connection was closed (${code})` }),
    });
  }

  /** Sends one frame; silent after the end. */
  send(frame: ClientFrame): void {
    if (!this.#over) this.#socket.send(encodeClientFrame(frame));
  }

  /** Gives up: the end is told at once, whatever the socket does. */
  drop(reason: string): void {
    if (this.#over) return;
    this.#socket.close(CLOSE.normal, "");
    this.#end({ closeCode: null, reason });
  }

  #open(): void {
    if (this.#over) return;
    this.#cancelOpening();
    this.#listener.opened();
  }

  #read(bytes: Uint8Array): void {
    if (this.#over) return;
    const frames = this.#decode(bytes);
    if (frames === null) this.drop("the server sent bytes that are no frame");
    else this.#listener.received(frames);
  }

  #decode(bytes: Uint8Array): readonly ServerFrame[] | null {
    try {
      return decodeServerFrames(bytes);
    } catch {
      return null;
    }
  }

  #end(end: LinkEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelOpening();
    this.#listener.ended(end);
  }
}
