import { z } from "zod";
import type {
  DevicePolicy,
  Discovery,
  MessageQueue,
  NodeRpc,
  Presence,
  Storage,
  Transport,
} from "../adapters/contracts/index.js";
import { ImError } from "../core/errors.js";
import { describe } from "../core/model.js";
import { type AccountsOptions, accountsProblems } from "./accounts/accounts-options.js";
import type { AuthOptions } from "./auth.js";
import type { Hooks } from "./delivery/admission.js";
import { DEFAULT_LIMITS, type Limits } from "./limits.js";
import type { Logger } from "./logger.js";
import type { ServerRuntime } from "./server-runtime.js";

/** What `createImServer` takes. */
export interface ImServerOptions {
  /** Who may come in: your users, your ids. Without it the users are built in (`im.users`). */
  readonly auth?: AuthOptions;
  /** Tokens of the built-in users. Not together with `auth`. */
  readonly accounts?: AccountsOptions;
  /** Where everything is kept. Default: in memory, gone with the process. */
  readonly storage?: Storage;
  /** How sockets come in. Default: WebSocket at `/ws`, same origin only. */
  readonly transport?: Transport;
  /** What a second device means. Default `multi`. */
  readonly devices?: DevicePolicy;
  readonly hooks?: Hooks;
  /** How the nodes of a cluster find each other. Together with `presence`, `rpc` and a storage they share. */
  readonly discovery?: Discovery;
  /** How the nodes of a cluster know who is connected where. */
  readonly presence?: Presence;
  /** How the nodes of a cluster talk. */
  readonly rpc?: NodeRpc;
  /** Where messages wait to be stored. Default: in this process. Only in a cluster. */
  readonly queue?: MessageQueue;
  /** Bounds; each has a default. */
  readonly limits?: Partial<Limits>;
  /** Default: warnings and errors as JSON lines on stderr. */
  readonly logger?: Logger;
  /** Time, timers and randomness; for tests and simulations. Default: the system's. */
  readonly runtime?: ServerRuntime;
}

const isFunction = (value: unknown): boolean => typeof value === "function";

/** The methods that every `T` has. */
type MethodOf<T> = Exclude<
  { [Name in keyof T]: T[Name] extends (...args: never[]) => unknown ? Name : never }[keyof T],
  undefined
>;

/**
 * An object with these methods, which are all that its contract asks for: whoever leaves one out hears of it at once, and not when it is
 * called. Anything else about it is its own business.
 */
function objectWith<T>(what: string, contract: Readonly<Record<MethodOf<T>, true>>) {
  const methods = Object.keys(contract);
  const fits = (value: unknown) =>
    typeof value === "object" && value !== null && methods.every((name) => isFunction(Reflect.get(value, name)));
  return z.custom<object>(fits, { error: `expected ${what} (an object with ${methods.join(", ")})` });
}

const callback = z.custom<(...args: never[]) => unknown>(isFunction, { error: "expected a function" });
const thousands = new Intl.NumberFormat("en");

/** An integer in a range. Its one sentence serves every way of not being one. */
function integer(min: number, max?: number) {
  const to = max === undefined ? "on" : `to ${thousands.format(max)}`;
  const error = `expected an integer from ${thousands.format(min)} ${to}`;
  const isInside = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= (max ?? Number.MAX_SAFE_INTEGER);
  return z.custom<number>(isInside, { error });
}

const count = integer(1);
const duration = integer(100, 86_400_000);
const isRate = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value > 0;
const rate = z.custom<number>(isRate, { error: "expected a number above 0" });

const DEVICES = ["multi", "one-per-device-kind", "single", "reject-new"] as const satisfies readonly DevicePolicy[];

const limitFields = {
  maxFrameBytes: integer(1_024, 1_048_576),
  maxContentBytes: integer(1, 1_000_000),
  uplinksPerSecond: rate,
  uplinkBurst: count,
  window: integer(1, 1_024),
  loginTimeoutMs: duration,
  heartbeatMs: duration,
  pollHeadsMs: duration,
  stallTimeoutMs: duration,
  maxBufferedBytes: integer(1_024),
  maxNodeBufferedBytes: integer(65_536),
  maxUnacknowledged: count,
  maxGroupMembers: integer(1, 2_000),
  maxGroupsPerUser: count,
  maxFriends: count,
  maxBlocked: count,
  maxDevicesPerUser: count,
  unauthenticatedPerAddress: count,
  unauthenticatedTotal: count,
  maxQueuedBytes: count,
} satisfies Record<keyof Limits, z.ZodType>;
const limits = z.strictObject(limitFields, { error: objectError });

const TRANSPORT = { start: true, close: true, bind: true, stopAccepting: true } as const;
const DISCOVERY = { start: true, close: true, bind: true, leave: true } as const;
const PRESENCE = {
  start: true,
  close: true,
  bind: true,
  claim: true,
  renew: true,
  release: true,
  locate: true,
} as const;
const RPC = { start: true, close: true, bind: true, send: true, forget: true } as const;
const QUEUE = { start: true, close: true, bind: true, publish: true, stopTaking: true } as const;
const LOGGER = { debug: true, info: true, warn: true, error: true } as const;
const RUNTIME = {
  now: true,
  elapsed: true,
  setTimer: true,
  endOfTurn: true,
  randomBytes: true,
  random: true,
  sha256: true,
} as const;

const schema = z
  .strictObject(
    {
      auth: z
        .looseObject(
          { authenticate: callback, exists: callback.optional(), recheck: callback.optional() },
          { error: authError },
        )
        .optional(),
      accounts: z.custom<object>((value) => accountsProblems(value).length === 0, { error: accountsError }).optional(),
      storage: objectWith<Storage>("a storage adapter", { start: true, close: true, markRestored: true }).optional(),
      transport: objectWith<Transport>("a transport adapter", TRANSPORT).optional(),
      devices: z
        .enum(DEVICES, { error: `expected one of ${DEVICES.map((name) => `"${name}"`).join(", ")}` })
        .optional(),
      hooks: z
        .strictObject(
          { beforeSend: callback.optional(), canSend: callback.optional(), canAddToGroup: callback.optional() },
          { error: objectError },
        )
        .optional(),
      discovery: objectWith<Discovery>("a discovery adapter", DISCOVERY).optional(),
      presence: objectWith<Presence>("a presence adapter", PRESENCE).optional(),
      rpc: objectWith<NodeRpc>("an rpc adapter", RPC).optional(),
      queue: objectWith<MessageQueue>("a queue adapter", QUEUE).optional(),
      limits: limits.partial().optional(),
      logger: objectWith<Logger>("a logger", LOGGER).optional(),
      runtime: objectWith<ServerRuntime>("a runtime", RUNTIME).optional(),
    },
    { error: objectError },
  )
  .superRefine(({ auth, accounts }, context) => {
    if (auth === undefined || accounts === undefined) return;
    const message = "expected only without auth: the users are either yours or built in";
    context.addIssue({ code: "custom", path: ["accounts"], message, input: accounts });
  })
  .superRefine((options, context) => {
    for (const { path, message } of clusterProblems(options)) {
      context.addIssue({ code: "custom", path: [path], message, input: options[path] });
    }
  })
  .superRefine(({ limits: given }, context) => {
    const { maxContentBytes = DEFAULT_LIMITS.maxContentBytes, maxFrameBytes = DEFAULT_LIMITS.maxFrameBytes } =
      given ?? {};
    if (maxContentBytes + FRAME_OVERHEAD_BYTES <= maxFrameBytes) return;
    const most = `${thousands.format(maxFrameBytes)} (maxFrameBytes) less ${FRAME_OVERHEAD_BYTES}`;
    const message = `expected at most ${most}, since a message travels in one frame`;
    context.addIssue({ code: "custom", path: ["limits", "maxContentBytes"], message, input: maxContentBytes });
  });

/** Nodes that share less than this lose each other's messages, sessions or tokens. */
const CLUSTER = ["discovery", "presence", "rpc"] as const;

type ClusterProblem = { readonly path: keyof ImServerOptions; readonly message: string };

function clusterProblems(options: Readonly<Partial<Record<keyof ImServerOptions, unknown>>>): ClusterProblem[] {
  const given = [...CLUSTER, "queue" as const].filter((name) => options[name] !== undefined);
  if (given.length === 0) return [];
  const missing = CLUSTER.filter((name) => options[name] === undefined);
  const because = `expected together with ${given.join(", ")}: a cluster needs ${CLUSTER.join(", ")} and a shared storage`;
  const problems: ClusterProblem[] = missing.map((path) => ({ path, message: because }));
  if ((options.storage as Storage | undefined)?.isShared !== true) {
    problems.push({ path: "storage", message: "expected a storage that all nodes of the cluster share" });
  }
  const hasKeys = (options.accounts as AccountsOptions | undefined)?.keys !== undefined;
  if (options.auth === undefined && !hasKeys) {
    const message = "expected { keys } in a cluster: without them each node would accept only its own tokens";
    problems.push({ path: "accounts", message });
  }
  return problems;
}

/** What ids, numbers and lengths around the content take in a frame at most, rounded up. */
const FRAME_OVERHEAD_BYTES = 512;

function objectError({ code }: { code?: string }): string | undefined {
  return code === "invalid_type" ? "expected an object" : undefined;
}

function authError({ code }: { code?: string }): string | undefined {
  if (code !== "invalid_type") return undefined;
  return "expected { authenticate(token) } — it says who a token belongs to; leave it out for the built-in users";
}

function accountsError({ input }: { input?: unknown }): string {
  return accountsProblems(input).join("; ");
}

/**
 * The options, checked.
 * Errors: one `invalid_argument` that lists every problem with its path and what was received.
 */
export function parseOptions(options: unknown): ImServerOptions {
  const result = schema.safeParse(options ?? {}, { reportInput: true });
  if (result.success) return (options ?? {}) as ImServerOptions;
  const problems = result.error.issues.flatMap(problemsOf);
  const sum = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const message = `createImServer: ${sum} with the options\n${problems.map((problem) => `  - ${problem}`).join("\n")}`;
  throw new ImError("invalid_argument", { message });
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys")
    return [`${path || "options"}: ${issue.message}, got ${describe(issue.input)}`];
  const prefix = path === "" ? "" : `${path}.`;
  return issue.keys.map((key) => `${prefix}${key}: there is no such option`);
}
