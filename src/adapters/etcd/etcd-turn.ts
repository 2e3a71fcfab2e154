import type { EtcdSession } from "./etcd-session.js";
import type { NodeRecord } from "./node-record.js";
import { Pause } from "./pause.js";

/** Between two beats while something is not as it should be, ms. */
const SOON_MS = 250;

/** Whom a turn tells. */
export interface TurnHost {
  /** Everybody who is registered, at a revision. */
  onList(records: readonly NodeRecord[], revision: bigint): void;
  onChange(record: NodeRecord): void;
  /** Sees to the own registration; false when it is not as it should be. Rejects when etcd cannot be asked. */
  keep(session: EtcdSession): Promise<boolean>;
  /** Everything is as it should be. */
  onBeat(): void;
}

/** One session from its beginning to its first failure: it lists, watches, and asks etcd again and again. */
export class EtcdTurn {
  readonly session: EtcdSession;
  readonly #host: TurnHost;
  readonly #beatMs: number;
  readonly #pause = new Pause();
  #isOver = false;

  constructor(session: EtcdSession, beatMs: number, host: TurnHost) {
    this.session = session;
    this.#beatMs = beatMs;
    this.#host = host;
  }

  /** Rejects with what ended it. */
  async run(): Promise<never> {
    try {
      return await new Promise<never>((_, reject) => {
        const over = (): void => reject(new Error("it was given back"));
        this.#lookOut(() => void this.#beat().catch(reject)).then(over, reject);
      });
    } finally {
      this.end();
    }
  }

  /** Asks at once instead of at the next beat. */
  hurry(): void {
    this.#pause.end();
  }

  /** Gives the session back. Repeatable. */
  end(): void {
    this.#isOver = true;
    this.#pause.end();
    this.session.close();
  }

  /** Lists and watches from there on; once more, whenever etcd has forgotten what came in between. */
  async #lookOut(onFirst: () => void): Promise<void> {
    for (let begin = onFirst; !this.#isOver; begin = () => undefined) {
      const { revision, records } = await this.session.list();
      if (this.#isOver) return;
      this.#host.onList(records, revision);
      await this.session.watch(revision + 1n, (record) => this.#tell(record), begin);
    }
  }

  async #beat(): Promise<void> {
    while (!this.#isOver) {
      const isKept = await this.#host.keep(this.session);
      if (this.#isOver) return;
      if (isKept) this.#host.onBeat();
      await this.#pause.for(isKept ? this.#beatMs : SOON_MS);
    }
  }

  #tell(record: NodeRecord): void {
    if (!this.#isOver) this.#host.onChange(record);
  }
}
