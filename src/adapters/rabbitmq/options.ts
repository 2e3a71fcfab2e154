import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";

/** TLS to the broker, for URLs that begin with `amqps:`. Its certificate is always verified. */
export interface RabbitTls {
  /** Authority that has signed the broker's certificate, as PEM. Default: those Node knows. */
  readonly ca?: string | Uint8Array;
  /** A certificate to prove who we are, as PEM. Default: we show none. */
  readonly cert?: string | Uint8Array;
  /** The private key of `cert`, as PEM, not encrypted. Both or neither. */
  readonly key?: string | Uint8Array;
}

/** Options of {@link rabbitQueue}. */
export interface RabbitQueueOptions {
  /**
   * Where the broker is, for example `amqps://user:password@rabbit.chat.example/chat`: `amqps:` encrypts, `amqp:` does not. The path is
   * the virtual host. What means something in a URL is percent-encoded, in a password, too. Port: 5671, without encryption 5672.
   */
  readonly url: string;
  /** Where the uplinks go; their queues have its name and a number. Made when it is missing. Default `shyim-uplinks`. */
  readonly exchange?: string;
  /**
   * Over so many queues the uplinks are spread, 1 to 128: by their keys, of which each has its queue. A queue is at one node at a time.
   * Which one that is falls by lot, so with several times as many queues as nodes each has about its share. All nodes give the same
   * number; another one needs another exchange. Default 8.
   */
  readonly queues?: number;
  /**
   * Where the records go that no node can take, each with the reason and where it came from in its headers (`shyim-reason`,
   * `shyim-from`). Made, with a queue of the same name, when it is missing. Nothing here takes them away again: look there now and
   * then. Default: the exchange's name and `-dead`.
   */
  readonly deadLetterExchange?: string;
  /** For a `url` that begins with `amqps:`. Default: the broker's certificate is verified by the authorities Node knows. */
  readonly ssl?: RabbitTls;
}

/** The options with every default. */
export interface RabbitSettings extends Required<Omit<RabbitQueueOptions, "ssl">> {
  readonly ssl: RabbitTls;
}

const DEFAULT_EXCHANGE = "shyim-uplinks";
const MAX_QUEUES = 128;
const NAME_RULE = "expected 1 to 200 letters, digits, dots, dashes, colons or underscores, not beginning with amq.";

/** The options with every default filled in. Errors: `invalid_argument` that lists every problem; nothing secret is repeated. */
export function parseOptions(options: RabbitQueueOptions): RabbitSettings {
  const problems = problemsOf(Object(options) as Record<string, unknown>);
  if (problems.length > 0) {
    const message = `rabbitQueue: the options are not valid\n${problems.map((each) => `  - ${each}`).join("\n")}`;
    throw new ImError("invalid_argument", { message });
  }
  const { url, exchange = DEFAULT_EXCHANGE, queues = 8, ssl = {} } = options;
  return { url, exchange, queues, ssl, deadLetterExchange: options.deadLetterExchange ?? `${exchange}-dead` };
}

/** The URL may hold a password: nothing of it is repeated. */
function problemsOf(options: Readonly<Record<string, unknown>>): string[] {
  const { url, exchange, queues, deadLetterExchange, ssl, ...others } = options;
  const isSame = deadLetterExchange !== undefined && deadLetterExchange === (exchange ?? DEFAULT_EXCHANGE);
  return [
    ...(isUrl(url) ? [] : ["url: expected a URL such as amqps://user:password@host/vhost"]),
    ...optional(exchange, isName, "exchange", NAME_RULE),
    ...optional(queues, isCount, "queues", `expected an integer from 1 to ${MAX_QUEUES}`),
    ...optional(deadLetterExchange, isName, "deadLetterExchange", NAME_RULE),
    ...(isSame ? ["deadLetterExchange: expected another exchange than the one of the uplinks"] : []),
    ...sslProblems(ssl, isUrl(url) && String(url).startsWith("amqps:")),
    ...unknownNames(others, ""),
  ];
}

function sslProblems(ssl: unknown, isSecure: boolean): string[] {
  if (ssl === undefined) return [];
  if (typeof ssl !== "object" || ssl === null) return [`ssl: expected { ca, cert, key }, got ${describe(ssl)}`];
  const { ca, cert, key, ...others } = ssl as Record<string, unknown>;
  const isHalf = (cert === undefined) !== (key === undefined);
  return [
    ...(isSecure ? [] : ["ssl: expected a url that begins with amqps:, since this one does not encrypt"]),
    ...Object.entries({ ca, cert, key }).flatMap(([name, value]) => pemProblems(name, value)),
    ...(isHalf ? ["ssl: expected cert and key together"] : []),
    ...unknownNames(others, "ssl."),
  ];
}

/** It may be the key: what came is not repeated. */
function pemProblems(name: string, value: unknown): string[] {
  const isText = typeof value === "string" || value instanceof Uint8Array;
  const isPem = isText && Buffer.from(value as string).includes("-----BEGIN ");
  return value === undefined || isPem ? [] : [`ssl.${name}: expected the text of a PEM file (-----BEGIN …)`];
}

function isUrl(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return ["amqp:", "amqps:"].includes(protocol) && hostname !== "";
}

function isName(value: unknown): boolean {
  return typeof value === "string" && /^[a-zA-Z0-9._:-]{1,200}$/.test(value) && !value.startsWith("amq.");
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_QUEUES;
}

function optional(value: unknown, isFine: (value: unknown) => boolean, path: string, rule: string): string[] {
  return value === undefined || isFine(value) ? [] : [`${path}: ${rule}, got ${describe(value)}`];
}

function unknownNames(others: object, path: string): string[] {
  return Object.keys(others).map((name) => `${path}${name}: there is no such option`);
}
