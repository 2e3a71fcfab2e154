import { z } from "zod";
import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import { stderrLogger } from "../platform/stderr-logger.js";
import { systemRuntime } from "../platform/system-runtime.js";

/** Options of `createHttpApi`. */
export interface HttpApiOptions {
  /** The largest body, bytes, 1,024 to 16,777,216. Default 65,536; a larger one is answered 413 and not read to its end. */
  readonly maxBodyBytes?: number;
  /**
   * Name of the header in which the proxy in front of you writes the caller's address, for example `x-forwarded-for`; of a list
   * the last entry counts. Default: none, the address is the one that the caller of `fetch` says. Name one only if every request
   * comes through that proxy: anybody can write a header.
   */
  readonly trustProxy?: string;
  /** Pages of other origins that may call, each like `https://app.example`. Default: none. */
  readonly corsOrigins?: readonly string[];
  /** What stands before every path, for example `/im`, where nobody takes it off. Default: nothing. */
  readonly basePath?: string;
  /**
   * Told of every answer 500: what was thrown, and the id that the client was given instead. Default: a line on stderr.
   * What it throws is dropped.
   */
  readonly onError?: (error: unknown, correlationId: string) => void;
  /** Where ids of failures and the clock of the rates come from. Default: the system's. */
  readonly runtime?: Pick<Runtime, "randomBytes" | "elapsed">;
}

/** {@link HttpApiOptions} with nothing left open. */
export interface HttpApiSettings {
  readonly maxBodyBytes: number;
  /** Lower case; `null` for none. */
  readonly trustProxy: string | null;
  readonly corsOrigins: ReadonlySet<string>;
  readonly basePath: string;
  readonly onError: (error: unknown, correlationId: string) => void;
  readonly runtime: Pick<Runtime, "randomBytes" | "elapsed">;
}

const DEFAULT_MAX_BODY_BYTES = 65_536;
const BODY_BYTES = { min: 1_024, max: 16_777_216 };
const ORIGIN_RULE = 'expected an origin like "https://app.example": scheme, host and perhaps a port, nothing else';

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
const callback = z.custom((value) => typeof value === "function", { error: "expected a function" });

const schema = z.strictObject(
  {
    maxBodyBytes: z
      .int({ error: `expected an integer from ${BODY_BYTES.min} to ${BODY_BYTES.max}` })
      .min(BODY_BYTES.min)
      .max(BODY_BYTES.max)
      .optional(),
    trustProxy: z
      .string({ error: "expected the name of a header" })
      .regex(/^[A-Za-z0-9-]{1,64}$/, { error: "expected the name of a header" })
      .optional(),
    corsOrigins: z
      .array(z.string({ error: ORIGIN_RULE }).refine(isOrigin, { error: ORIGIN_RULE }), {
        error: "expected a list of origins",
      })
      .optional(),
    basePath: z
      .string({ error: 'expected a path like "/im"' })
      .regex(/^(\/[A-Za-z0-9._~-]+)*$/, { error: 'expected a path like "/im", without a slash at its end' })
      .optional(),
    onError: callback.optional(),
    runtime: z
      .custom((value) => typeof (value as Partial<Runtime> | null)?.randomBytes === "function", {
        error: "expected a runtime",
      })
      .optional(),
  },
  { error: ({ code }) => (code === "invalid_type" ? "expected an object" : undefined) },
);

/** The options, checked, with their defaults. Errors: one `invalid_argument` that lists every problem. */
export function parseHttpOptions(options: HttpApiOptions = {}): HttpApiSettings {
  const result = schema.safeParse(options, { reportInput: true });
  if (!result.success) throw problemsWith(result.error.issues);
  const { onError = reportOnStderr, runtime = systemRuntime(), basePath = "" } = options;
  const { maxBodyBytes = DEFAULT_MAX_BODY_BYTES, trustProxy, corsOrigins = [] } = options;
  return {
    ...{ maxBodyBytes, basePath, onError, runtime },
    trustProxy: trustProxy?.toLowerCase() ?? null,
    corsOrigins: new Set(corsOrigins),
  };
}

function problemsWith(issues: readonly z.core.$ZodIssue[]): ImError {
  const problems = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => `${key}: there is no such option`)
      : [`${issue.path.join(".") || "options"}: ${issue.message}, got ${describe(issue.input)}`],
  );
  const list = problems.map((problem) => `\n  - ${problem}`).join("");
  return new ImError("invalid_argument", { message: `createHttpApi: problems with the options${list}` });
}

function reportOnStderr(error: unknown, correlationId: string): void {
  stderrLogger().error({ correlationId, error }, "a call of the HTTP API failed");
}
