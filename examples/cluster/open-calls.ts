import { once, setMaxListeners } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";

/** `busy` of the table of codes, in the form of every answer of the API. */
const TURNED_AWAY = JSON.stringify({ code: 1011, msg: "this node is about to end; try again", data: null });
/** By then the balancer has seen that `/ready` says no, s. */
const COME_BACK_AFTER = "2";

/** The calls of the HTTP API under way: what they work with may be closed when the last one is answered. */
export class OpenCalls {
  readonly #open = new Set<ServerResponse>();
  #isEnding = false;

  /** No new ones are taken. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Counts what `listener` answers. Once the end has begun, new calls get 503 instead, and lose nothing: nothing was done. */
  counted(listener: RequestListener): RequestListener {
    return (request, response) => {
      if (this.#isEnding) return turnAway(response);
      this.#open.add(response);
      response.once("close", () => this.#open.delete(response));
      return listener(request, response);
    };
  }

  /** Takes no new ones. Resolves when those under way are answered, at the latest after `withinMs`. */
  async end(withinMs: number): Promise<void> {
    this.#isEnding = true;
    const signal = AbortSignal.timeout(withinMs);
    setMaxListeners(0, signal);
    await Promise.allSettled([...this.#open].map((response) => once(response, "close", { signal })));
  }
}

/** Its connection ends, too, so that the next call goes elsewhere. */
function turnAway(response: ServerResponse): void {
  response.writeHead(503, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "retry-after": COME_BACK_AFTER,
    connection: "close",
  });
  response.end(TURNED_AWAY);
}
