import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Refusal, TransportHost } from "../contracts/transport.js";
import { isOriginAllowed } from "./origin.js";
import { remoteAddress } from "./remote-address.js";
import type { WsSettings } from "./ws-options.js";

/** How `ws` is told: let in, or answer with an HTTP status, a text and headers, and hang up. */
export type Answer = (accepted: boolean, status?: number, text?: string, headers?: Record<string, string>) => void;

const NOT_READY: Refusal = { status: 503, retryAfterMs: 1_000 };
const FORBIDDEN: Refusal = { status: 403, retryAfterMs: 0 };
const INTERNAL: Refusal = { status: 500, retryAfterMs: 0 };

/** Where a browser says which page asks; version 8 of the handshake had another name for it. */
function originOf(request: IncomingMessage): string | undefined {
  const older = request.headers["sec-websocket-origin"];
  return request.headers.origin ?? (Array.isArray(older) ? older.join() : older);
}

function textOf(refusal: Refusal): string {
  return refusal === FORBIDDEN ? "origin not allowed" : (STATUS_CODES[refusal.status] ?? "refused");
}

/** Decides who gets in, before the handshake. Closed until `open`. */
export class Door {
  readonly #settings: WsSettings;
  #refusal: Refusal | null = NOT_READY;
  #forGood = false;

  constructor(settings: WsSettings) {
    this.#settings = settings;
  }

  /** From now on the host decides, unless everyone is turned away already. */
  open(): void {
    if (!this.#forGood) this.#refusal = null;
  }

  /** From now on nobody gets in. */
  turnAway(refusal: Refusal): void {
    this.#forGood = true;
    this.#refusal = refusal;
  }

  /** Decides about one handshake and says so through `answer`, in this turn. */
  answer(request: IncomingMessage, host: TransportHost, answer: Answer): void {
    const refusal = this.#decide(request, host);
    if (refusal === null) answer(true);
    else this.#turnDown(refusal, answer);
  }

  #turnDown(refusal: Refusal, answer: Answer): void {
    const seconds = Math.ceil(refusal.retryAfterMs / 1_000);
    const wait: Record<string, string> = seconds > 0 ? { "Retry-After": String(seconds) } : {};
    answer(false, refusal.status, textOf(refusal), { "Content-Type": "text/plain", ...wait });
  }

  #decide(request: IncomingMessage, host: TransportHost): Refusal | null {
    const origin = originOf(request);
    if (!isOriginAllowed(this.#settings.origins, origin, request.headers.host)) {
      host.originRefused?.({ address: remoteAddress(request, this.#settings.trustProxy) }, origin ?? "");
      return FORBIDDEN;
    }
    if (this.#refusal !== null) return this.#refusal;
    try {
      return host.admit({ address: remoteAddress(request, this.#settings.trustProxy) });
    } catch {
      return INTERNAL;
    }
  }
}
