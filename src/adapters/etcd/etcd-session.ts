import type { Etcd3, IOptions, IWatchResponse } from "etcd3";
import type { NodeInfo } from "../contracts/nodes.js";
import type { EtcdPlace } from "./etcd-place.js";
import type { Etcd3Library } from "./load-etcd3.js";
import { keyStart, type NodeRecord, nodeKey, nodeValue, parseRecord } from "./node-record.js";

/** A call that is not answered by then has failed, ms. The package itself would wait for ever. */
export const CALL_LIMIT_MS = 1_000;

type WatchStream = Awaited<ReturnType<Etcd3["watchClient"]["watch"]>>;

/** A lease as etcd granted it. */
export interface Lease {
  readonly id: string;
  readonly seconds: number;
}

/**
 * One server of etcd, talked to until something fails. Only the plain calls of the package are used: its leases and watchers go on
 * trying by themselves, with timers that outlive them.
 */
export class EtcdSession {
  readonly #client: Etcd3;
  readonly #start: string;
  readonly #range: { readonly key: Buffer; readonly range_end: Buffer };
  #watch: WatchStream | null = null;
  #isClosed = false;

  constructor({ Etcd3 }: Etcd3Library, place: EtcdPlace) {
    this.#start = keyStart(place.prefix);
    // The end of the range is the first key behind all that begin so: the slash replaced by the character behind it.
    this.#range = { key: Buffer.from(this.#start), range_end: Buffer.from(this.#start.replace(/\/$/, "0")) };
    this.#client = new Etcd3({ ...place.options, faultHandling: onceOnly(), defaultCallOptions: withDeadline });
  }

  /** Every registered node, and the revision at which that was so. */
  async list(): Promise<{ readonly revision: bigint; readonly records: readonly NodeRecord[] }> {
    const { header, kvs } = await this.#client.kv.range(this.#range, deadline());
    return { revision: BigInt(header.revision), records: this.#recordsOf(kvs) };
  }

  /**
   * Tells every change from a revision on. Resolves when etcd has forgotten some of them, so that only a new list helps; rejects when
   * the watch ends for another reason.
   * @param onWatching called when etcd watches
   */
  async watch(from: bigint, onChange: (record: NodeRecord) => void, onWatching: () => void): Promise<void> {
    const stream = await this.#client.watchClient.watch();
    this.#watch = stream;
    if (this.#isClosed) stream.cancel();
    let timer: NodeJS.Timeout | undefined;
    return new Promise<void>((resolve, reject) => {
      stream.on("error", reject);
      stream.on("end", () => reject(new Error("the watch has ended")));
      stream.on("data", (response) => {
        clearTimeout(timer);
        if (response.canceled) settleCanceled(response, resolve, reject);
        else if (response.created) onWatching();
        else for (const record of this.#recordsOf(response.events.map(({ kv }) => kv))) onChange(record);
      });
      timer = setTimeout(() => reject(new Error("etcd does not begin to watch")), CALL_LIMIT_MS);
      stream.write({ create_request: { ...this.#range, start_revision: String(from) } });
    }).finally(() => {
      clearTimeout(timer);
      stream.cancel();
    });
  }

  async grant(seconds: number): Promise<Lease> {
    const { ID, TTL } = await this.#client.leaseClient.leaseGrant({ TTL: seconds }, deadline());
    return { id: ID, seconds: Number(TTL) };
  }

  /** Enters a node under a lease. Answers the revision of that. */
  async put(node: NodeInfo, lease: string): Promise<bigint> {
    const request = { key: nodeKey(this.#start, node.id), value: nodeValue(node), lease };
    return BigInt((await this.#client.kv.put(request, deadline())).header.revision);
  }

  /** For how many seconds more the lease lives; 0 when it has ended. */
  async keepAlive(lease: string): Promise<number> {
    const stream = await this.#client.leaseClient.leaseKeepAlive(deadline());
    try {
      return await new Promise<number>((resolve, reject) => {
        stream.on("data", ({ TTL }) => resolve(Number(TTL)));
        stream.on("error", reject);
        stream.on("end", () => reject(new Error("the keep-alive was not answered")));
        stream.write({ ID: lease });
      });
    } finally {
      stream.end();
    }
  }

  /** Ends a lease, and with it every key that is still under it. */
  async revoke(lease: string): Promise<void> {
    await this.#client.leaseClient.leaseRevoke({ ID: lease }, deadline());
  }

  /** Gives every connection back; the watch rejects. Repeatable. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch?.cancel();
    this.#client.close();
  }

  /** What was deleted has no value, and says so of no node. */
  #recordsOf(kvs: Parameters<typeof parseRecord>[1][]): readonly NodeRecord[] {
    return kvs.map((kv) => parseRecord(this.#start, kv)).filter((record) => record !== null);
  }
}

function settleCanceled(response: IWatchResponse, resolve: () => void, reject: (error: Error) => void): void {
  if (response.compact_revision !== "0") resolve();
  else reject(new Error(`etcd cancelled the watch: ${Reflect.get(response, "cancel_reason")}`));
}

function deadline(): { readonly deadline: number } {
  return { deadline: Date.now() + CALL_LIMIT_MS };
}

/** Also for the calls that the package makes by itself, to be let in. */
function withDeadline({ isStream }: { readonly isStream: boolean }): { readonly deadline?: number } {
  return isStream ? {} : deadline();
}

/** No repeats and no circuit breaker of the package's own: a session ends with its first failure, and the next one begins. */
function onceOnly(): NonNullable<IOptions["faultHandling"]> {
  type Policy = NonNullable<NonNullable<IOptions["faultHandling"]>["global"]>;
  const execute = async (run: () => unknown): Promise<unknown> => run();
  const policy = { execute } as unknown as Policy;
  return { global: policy, host: () => policy };
}
