import type { Session, Trouble } from "./halves.js";
import { within } from "./within.js";

/** What a supervisor watches over. */
export interface Supervised {
  /** As `Half.open`. */
  open(signal: AbortSignal, onTrouble: Trouble): Promise<Session>;
  /** What is wrong has changed; `null` when it works. A failure is told with its error, also of each further try. */
  onChange(wrong: string | null, error?: unknown): void;
  /** What is wrong, in one line. */
  reasonOf(error: unknown): string;
}

/** After a failure it is tried again so much later, ms. */
const RETRY_MS = 500;
/** A goodbye is given up after so long, ms. */
const GOODBYE_MS = 1_500;

/** Opens a session, and another one whenever it breaks, until it is closed. */
export class Supervisor {
  readonly #supervised: Supervised;
  #connections = new AbortController();
  #session: Session | null = null;
  #running: Promise<void> | null = null;
  #isClosed = false;
  #end: () => void = () => undefined;
  readonly #ended = new Promise<null>((resolve) => {
    this.#end = () => resolve(null);
  });

  constructor(supervised: Supervised) {
    this.#supervised = supervised;
  }

  start(): void {
    if (!this.#isClosed) this.#running ??= this.#run();
  }

  /** Says goodbye, and ends everything, for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#end();
    // While a session is being opened there is nobody to say goodbye to.
    if (this.#session === null) this.#connections.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      await this.#live();
      if (!this.#isClosed) await within(this.#ended, RETRY_MS);
    }
  }

  async #live(): Promise<void> {
    this.#connections = new AbortController();
    try {
      const opening = this.#supervised.open(this.#connections.signal, (wrong) => this.#change(wrong));
      this.#session = await Promise.race([opening, this.#ended]);
      if (this.#session !== null) await this.#watch(this.#session);
    } catch (error) {
      this.#change(this.#supervised.reasonOf(error), error);
    }
    this.#connections.abort();
    this.#session = null;
  }

  async #watch(session: Session): Promise<void> {
    this.#change(null);
    const error = await Promise.race([session.broken, this.#ended]);
    this.#change(this.#supervised.reasonOf(error), error);
    await within(
      session.close().catch(() => undefined),
      GOODBYE_MS,
    );
  }

  #change(wrong: string | null, error?: unknown): void {
    if (!this.#isClosed) this.#supervised.onChange(wrong, error);
  }
}
