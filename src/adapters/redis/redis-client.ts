import type { Cluster, Redis, RedisOptions } from "ioredis";
import type { IoRedis } from "./load-ioredis.js";
import type { RedisPlace } from "./redis-place.js";
import type { Script } from "./scripts.js";

/** One run of a script, on one key. */
export interface ScriptCall {
  readonly script: Script;
  readonly key: string;
  readonly args: readonly string[];
}

/** What one call came to. */
export type Outcome = { readonly result: unknown } | { readonly error: Error };

/** Whichever client of the package it is. */
export type RedisClient = Redis | Cluster;

/** What is not answered after so long is no answer any more, ms: a call, a greeting, the making of a connection. */
export const ANSWER_LIMIT_MS = 1_000;
/** A peer that does not say goodbye is given so long, ms. */
const GOODBYE_LIMIT_MS = 500;
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 1_000;

/** Makes a client, which connects at once and again whenever it is cut off. */
export function createClient({ Redis, Cluster }: IoRedis, place: RedisPlace): RedisClient {
  const { addresses, isCluster, db, username, password, tls } = place;
  const given = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  const common = { ...commonOptions(), ...given, ...(tls !== undefined && { tls: tlsOptions(tls) }) };
  if (!isCluster) return new Redis({ ...common, ...addresses[0], db, enableOfflineQueue: false, retryStrategy });
  return new Cluster([...addresses], {
    redisOptions: common,
    enableOfflineQueue: false,
    // Groups what belongs to one node of the cluster.
    enableAutoPipelining: true,
    clusterRetryStrategy: retryStrategy,
    slotsRefreshTimeout: ANSWER_LIMIT_MS,
    // The names of a cluster's nodes are resolved by TLS's rules when there is TLS: the certificates bear names.
    ...(tls !== undefined && {
      dnsLookup: (name: string, done: (error: null, name: string) => void) => done(null, name),
    }),
  });
}

/** Runs all at once, in one message to each server. Never rejects. */
export async function runScripts(client: RedisClient, calls: readonly ScriptCall[]): Promise<readonly Outcome[]> {
  const outcomes = [...(await send(client, calls, false))];
  // A server that was started anew has not seen the scripts yet.
  const unseen = [...outcomes.keys()].filter((at) => isUnseen(outcomes[at]));
  const again = await send(
    client,
    unseen.map((at) => calls[at] as ScriptCall),
    true,
  );
  for (const [n, at] of unseen.entries()) outcomes[at] = again[n] as Outcome;
  return outcomes;
}

async function send(client: RedisClient, calls: readonly ScriptCall[], isWhole: boolean): Promise<readonly Outcome[]> {
  if (calls.length === 0) return [];
  if (client.isCluster) return Promise.all(calls.map((call) => sendOne(client, call, isWhole)));
  const pipeline = client.pipeline();
  for (const { script, key, args } of calls) {
    if (isWhole) pipeline.eval(script.lua, 1, key, ...args);
    else pipeline.evalsha(script.sha, 1, key, ...args);
  }
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, result]) => (error === null ? { result } : { error }));
}

async function sendOne(client: RedisClient, { script, key, args }: ScriptCall, isWhole: boolean): Promise<Outcome> {
  try {
    if (isWhole) return { result: await client.eval(script.lua, 1, key, ...args) };
    return { result: await client.evalsha(script.sha, 1, key, ...args) };
  } catch (error) {
    return { error: error as Error };
  }
}

function isUnseen(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && "error" in outcome && outcome.error.message.startsWith("NOSCRIPT");
}

/** Nothing waits for a connection that is not there, so nothing piles up. */
function commonOptions() {
  return {
    protocol: 2,
    disableClientInfo: true,
    connectTimeout: ANSWER_LIMIT_MS,
    commandTimeout: ANSWER_LIMIT_MS,
    socketTimeout: ANSWER_LIMIT_MS,
    disconnectTimeout: GOODBYE_LIMIT_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    // A server that was made a replica: behind the address there may be another one by now.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  } satisfies RedisOptions;
}

function retryStrategy(times: number): number {
  const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(times, 10));
  return pauseMs * (0.5 + Math.random() / 2);
}

/** Only what is known of it, so that nothing switches the verification off. */
function tlsOptions({ ca, cert, key, servername }: NonNullable<RedisPlace["tls"]>): NonNullable<RedisOptions["tls"]> {
  return {
    ...pem("ca", ca),
    ...pem("cert", cert),
    ...pem("key", key),
    ...(servername !== undefined && { servername }),
  };
}

function pem(name: string, value: string | Uint8Array | undefined): Readonly<Record<string, string | Buffer>> {
  if (value === undefined) return {};
  return { [name]: typeof value === "string" ? value : Buffer.from(value) };
}
