import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";

/** TLS to the brokers. Their certificates are always verified. */
export interface KafkaTls {
  /** Authority that has signed the brokers' certificates, as PEM. Default: those Node knows. */
  readonly ca?: string | Uint8Array;
  /** A certificate to prove who we are, as PEM. Default: we show none. */
  readonly cert?: string | Uint8Array;
  /** The private key of `cert`, as PEM, not encrypted. Both or neither. */
  readonly key?: string | Uint8Array;
}

/** Who we are to the brokers. Without `ssl` the password of `plain` travels in the clear. */
export interface KafkaSasl {
  /** What the brokers have switched on, for example `scram-sha-512`. */
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  readonly username: string;
  readonly password: string;
}

/** Options of {@link kafkaQueue}. */
export interface KafkaQueueOptions {
  /** Some of the brokers, `host:port`; the others are found by them, under the names that they advertise. */
  readonly brokers: readonly string[];
  /** Where the uplinks are. Made when it is missing. For how long it keeps them is the brokers' setting. Default `shyim-uplinks`. */
  readonly topic?: string;
  /** The nodes of one group share the records: the same for all of a cluster, and for nobody else. Default `shyim`. */
  readonly groupId?: string;
  /**
   * Parts of the topic when it is made, 1 to 1,000: so many nodes can take at a time. Adding some later moves keys to other parts, so
   * what was sent around that time may change its order. Default 12.
   */
  readonly partitions?: number;
  /** Copies of the topics when they are made, 1 to 9. Default: as the brokers have it. */
  readonly replication?: number;
  /** TLS; `true`: verified by the authorities Node knows. Default: nothing is encrypted. */
  readonly ssl?: true | KafkaTls;
  /** User and password. Default: the brokers do not ask. */
  readonly sasl?: KafkaSasl;
  /**
   * Where the records go that no node can take, each with the reason and where it came from in its headers (`shyim-reason`,
   * `shyim-from`). Made when it is missing. Nothing here takes them away again: look there now and then. Default: the topic's name and
   * `-dead`.
   */
  readonly deadLetterTopic?: string;
}

/** The options with every default. */
export interface KafkaSettings extends Required<Omit<KafkaQueueOptions, "ssl" | "sasl">> {
  readonly ssl: KafkaQueueOptions["ssl"] | undefined;
  readonly sasl: KafkaSasl | undefined;
}

const MAX_PARTITIONS = 1_000;
const MAX_REPLICATION = 9;
/** Stands for what the brokers have as their own. */
const BROKERS_OWN = -1;
const MECHANISMS: readonly unknown[] = ["plain", "scram-sha-256", "scram-sha-512"];

/** The options with every default filled in. Errors: `invalid_argument` that lists every problem; nothing secret is repeated. */
export function parseOptions(options: KafkaQueueOptions): KafkaSettings {
  const problems = problemsOf(Object(options) as Record<string, unknown>);
  if (problems.length > 0) {
    const message = `kafkaQueue: the options are not valid\n${problems.map((each) => `  - ${each}`).join("\n")}`;
    throw new ImError("invalid_argument", { message });
  }
  const { topic = "shyim-uplinks", groupId = "shyim", partitions = 12, replication = BROKERS_OWN } = options;
  const { brokers, ssl, sasl, deadLetterTopic = `${topic}-dead` } = options;
  return { brokers, topic, groupId, partitions, replication, ssl, sasl, deadLetterTopic };
}

function problemsOf(options: Readonly<Record<string, unknown>>): string[] {
  const { brokers, topic, groupId, partitions, replication, ssl, sasl, deadLetterTopic, ...others } = options;
  const isSame = deadLetterTopic !== undefined && deadLetterTopic === (topic ?? "shyim-uplinks");
  return [
    ...problem(isBrokers(brokers), "brokers", 'expected at least one "host:port"', brokers),
    ...optional(topic, isTopic, "topic", "expected 1 to 200 letters, digits, dots, dashes or underscores"),
    ...optional(groupId, isName, "groupId", "expected 1 to 200 characters"),
    ...optional(partitions, isUpTo(MAX_PARTITIONS), "partitions", "expected an integer from 1 to 1,000"),
    ...optional(replication, isUpTo(MAX_REPLICATION), "replication", "expected an integer from 1 to 9"),
    ...optional(
      deadLetterTopic,
      isTopic,
      "deadLetterTopic",
      "expected 1 to 200 letters, digits, dots, dashes or underscores",
    ),
    ...(isSame ? ["deadLetterTopic: expected another topic than the one of the uplinks"] : []),
    ...sslProblems(ssl),
    ...saslProblems(sasl),
    ...unknownNames(others, ""),
  ];
}

function sslProblems(ssl: unknown): string[] {
  if (ssl === undefined || ssl === true) return [];
  if (typeof ssl !== "object" || ssl === null) return [`ssl: expected true or { ca, cert, key }, got ${describe(ssl)}`];
  const { ca, cert, key, ...others } = ssl as Record<string, unknown>;
  const isHalf = (cert === undefined) !== (key === undefined);
  return [
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

/** It holds a password: nothing of it is repeated. */
function saslProblems(sasl: unknown): string[] {
  if (sasl === undefined) return [];
  const { mechanism, username, password, ...others } = Object(sasl) as Record<string, unknown>;
  return [
    ...(MECHANISMS.includes(mechanism) ? [] : ['sasl.mechanism: expected "plain", "scram-sha-256" or "scram-sha-512"']),
    ...(isName(username) ? [] : ["sasl.username: expected 1 to 200 characters"]),
    ...(typeof password === "string" && password !== "" ? [] : ["sasl.password: expected a text"]),
    ...unknownNames(others, "sasl."),
  ];
}

function isBrokers(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isBroker);
}

function isBroker(value: unknown): boolean {
  return typeof value === "string" && /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+):\d{1,5}$/.test(value);
}

function isTopic(value: unknown): boolean {
  return typeof value === "string" && /^[a-zA-Z0-9._-]{1,200}$/.test(value) && value !== "." && value !== "..";
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length <= 200;
}

function isUpTo(max: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;
}

function optional(value: unknown, isFine: (value: unknown) => boolean, path: string, rule: string): string[] {
  return problem(value === undefined || isFine(value), path, rule, value);
}

function problem(isFine: boolean, path: string, rule: string, received: unknown): string[] {
  return isFine ? [] : [`${path}: ${rule}, got ${describe(received)}`];
}

function unknownNames(others: object, path: string): string[] {
  return Object.keys(others).map((name) => `${path}${name}: there is no such option`);
}
