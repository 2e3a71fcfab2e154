import type { CommitResult, Outcome, Uplink } from "../../../src/adapters/contracts/index.js";
import { memoryStorage } from "../../../src/adapters/memory/memory-storage.js";
import { ImError } from "../../../src/core/errors.js";
import { Deadlines } from "../../../src/server/deadlines.js";
import type { CommitLaneServices, Decision } from "../../../src/server/delivery/commit-lane.js";
import { Committer } from "../../../src/server/delivery/committer.js";
import { impatientStore } from "../../../src/server/delivery/impatient-store.js";
import { StorageWatch } from "../../../src/server/health/storage-watch.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

const EPOCH = "e";

const never = () => Promise.reject(new Error("only commits are made here"));

/** An uplink whose id is a short name; its receipt is the order in which it was stored. */
export function up(name: string, rest: Partial<Uplink> = {}): Uplink {
  const target = { kind: "single", id: "b" } as const;
  const times = { clientTime: 0, serverTime: 0 };
  const shape = { afterId: null, senderId: "a", target, type: 1, content: new Uint8Array(1), syncEpoch: null };
  return { messageId: name, refuse: null, ...shape, ...times, ...rest };
}

const quiet = (): void => {};
const SILENT = { debug: quiet, info: quiet, warn: quiet, error: quiet };

type Answer = (batch: readonly Uplink[]) => Promise<CommitResult>;

/** A committer over a store that remembers what it was brought and answers as told. */
export class CommitBench {
  readonly time = new VirtualTime();
  readonly batches: string[][] = [];
  readonly at: number[] = [];
  readonly stored = new Map<string, Outcome>();
  readonly committed: CommitResult[] = [];
  readonly failures: unknown[] = [];
  readonly committer: Committer;
  /** Answers the next calls, first to last; then the store works. */
  readonly script: Answer[] = [];
  /** Ids that can never be stored. */
  readonly poison = new Set<string>();

  constructor(limits: Partial<CommitLaneServices["limits"]> = {}, maxQueuedBytes = 1_000_000) {
    const runtime = new VirtualRuntime(this.time);
    const messages = {
      commit: (batch: readonly Uplink[]) => this.#commit(batch),
      readInbox: never,
      readHeads: never,
      readConversation: never,
    };
    const storage = Object.assign(memoryStorage(), { messages });
    const deadlines = new Deadlines(runtime);
    const services: CommitLaneServices = {
      store: impatientStore(
        messages,
        new StorageWatch({ storage, runtime, deadlines, report: () => {}, logger: SILENT }),
      ),
      limits: { maxUplinks: 256, maxBytes: 1_000_000, parallel: 1, ...limits },
      runtime,
      onCommitted: (result) => this.committed.push(result),
      onFailed: (error) => this.failures.push(error),
    };
    this.committer = new Committer(services, maxQueuedBytes);
  }

  /** Submits; what was decided stands in the result as soon as it is. */
  submit(name: string, rest: Partial<Uplink> = {}): { decision: Decision | null } {
    const seen: { decision: Decision | null } = { decision: null };
    void this.committer.submit(up(name, rest)).then((decision) => {
      seen.decision = decision;
    });
    return seen;
  }

  run(ms = 0): Promise<void> {
    return this.time.advance(ms);
  }

  /** Stores and answers. */
  readonly work: Answer = async (batch) => {
    if (batch.some(({ messageId, refuse }) => refuse === null && this.poison.has(messageId))) {
      throw new Error("this record cannot be stored");
    }
    return { syncEpoch: EPOCH, outcomes: batch.map((uplink) => this.#store(uplink)) };
  };

  readonly isAway: Answer = () => Promise.reject(new ImError("unavailable"));
  readonly hangs: Answer = () => new Promise(() => {});
  readonly unheard: Answer = async (batch) => {
    await this.work(batch);
    throw new ImError("unavailable");
  };

  #commit(batch: readonly Uplink[]): Promise<CommitResult> {
    this.batches.push(batch.map(({ messageId }) => messageId));
    this.at.push(this.time.elapsed);
    return (this.script.shift() ?? this.work)(batch);
  }

  #store({ messageId, refuse }: Uplink): Outcome {
    const known = this.stored.get(messageId);
    if (known !== undefined) return known.kind === "stored" ? { ...known, fresh: null } : known;
    const place = this.stored.size + 1;
    const receipt = { messageId, senderSeq: place, conversationSeq: place, serverTime: 0 };
    const outcome: Outcome =
      refuse === null ? { kind: "stored", receipt, fresh: null } : { kind: "refused", code: refuse };
    this.stored.set(messageId, outcome);
    return outcome;
  }
}

/** The place at which an uplink was stored, its refusal, or "busy". */
export function resultOf({ decision }: { decision: Decision | null }): number | string | null {
  if (decision === null) return null;
  const { outcome } = decision;
  if (outcome === "busy") return "busy";
  if (outcome.kind === "stored") return outcome.receipt.senderSeq;
  return outcome.kind === "refused" ? outcome.code : outcome.kind;
}
