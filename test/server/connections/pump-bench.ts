import { Pump, type PumpItem, type PumpOptions, type PumpPage } from "../../../src/server/connections/pump.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

const OWN = "own";

/** An item whose encoding is its seq as one byte, so that the test reads what was written. */
function item(origin: string, size = 1): PumpItem {
  return { origin, encode: (seq) => new Uint8Array(size).fill(seq) };
}

/** A pump over an inbox the test fills, with an outlet the test opens and shuts. */
export class PumpBench {
  readonly time = new VirtualTime();
  readonly written: number[] = [];
  readonly reads: number[] = [];
  readonly failures: unknown[] = [];
  readonly pump: Pump;
  otherEpochs = 0;
  head = 0;
  epoch = "e";
  buffered = 0;
  highWater = 100;
  pageSize = 200;
  /** Instead of the inbox, this answers reads. */
  answer: (() => Promise<PumpPage>) | null = null;
  readonly own = new Set<number>();

  constructor(start = 0, options: Partial<PumpOptions> = {}) {
    const outlet = {
      read: (after: number) => this.#read(after),
      write: (output: Uint8Array) => {
        this.written.push(output[0] as number);
        this.buffered += output.length;
      },
      bufferedBytes: () => this.buffered,
      highWaterBytes: () => this.highWater,
      onOtherEpoch: () => {
        this.otherEpochs++;
        this.pump.close();
      },
      onReadFailed: (error: unknown) => this.failures.push(error),
    };
    const rules = { maxUnacknowledged: Number.POSITIVE_INFINITY, skipOrigin: null, ...options };
    this.pump = new Pump(start, "e", outlet, rules, new VirtualRuntime(this.time));
  }

  hint(seq: number, syncEpoch = "e"): void {
    this.head = Math.max(this.head, seq);
    this.pump.hint({ seq, syncEpoch, item: this.item(seq) });
  }

  /** The socket is empty again. */
  drained(): void {
    this.buffered = 0;
    this.pump.flushed();
  }

  run(ms = 0): Promise<void> {
    return this.time.advance(ms);
  }

  item(seq: number): PumpItem {
    return item(this.own.has(seq) ? OWN : "other");
  }

  page(after: number, to: number, headSeq = this.head): PumpPage {
    const items = [];
    for (let seq = after + 1; seq <= to; seq++) items.push({ seq, item: this.item(seq) });
    return { items, headSeq, floorSeq: 0, baseSeq: 0, syncEpoch: this.epoch };
  }

  async #read(after: number): Promise<PumpPage> {
    this.reads.push(after);
    return this.answer?.() ?? this.page(after, Math.min(this.head, after + this.pageSize));
  }
}

/** A pump that writes, from `start` on. */
export function livePump(start = 0, options: Partial<PumpOptions> = {}): PumpBench {
  const bench = new PumpBench(start, options);
  bench.pump.release();
  return bench;
}
