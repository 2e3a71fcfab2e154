import { explain } from "../brokers/advice.js";

/** Names of errors that no waiting changes, by the package's classes and the brokers' words. */
const HOPELESS: readonly string[] = [
  "KafkaJSSASLAuthenticationError",
  "KafkaJSUnsupportedMagicByteInMessageSet",
  "TOPIC_AUTHORIZATION_FAILED",
  "GROUP_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "SASL_AUTHENTICATION_FAILED",
  "UNSUPPORTED_SASL_MECHANISM",
  "INVALID_REPLICATION_FACTOR",
  "POLICY_VIOLATION",
];

const ADVICE = [
  [/SASL/, "check the option sasl: mechanism, username and password, as the brokers have them"],
  [
    /AUTHORIZATION_FAILED/,
    "give the user access to the topics and the group, and let it make the topics or make them before",
  ],
  [/INVALID_REPLICATION_FACTOR/, "choose a replication that is not larger than the number of brokers"],
] as const;

/** So many addresses are named, at most. */
const MAX_NAMED = 3;

interface Failure {
  readonly name?: string;
  readonly type?: string;
  readonly code?: unknown;
  /** Which broker it was, where one is known. */
  readonly broker?: unknown;
  readonly message?: string;
  readonly cause?: unknown;
  readonly originalError?: unknown;
  readonly errors?: readonly unknown[];
}

/** An error of the package with everything it wraps, outermost first. */
function layersOf(error: unknown): Failure[] {
  if (typeof error !== "object" || error === null) return [];
  const { cause, originalError, errors = [] } = error as Failure;
  return [error as Failure, ...[cause, originalError, ...errors].flatMap(layersOf)];
}

/** Whether an operator has to do something before it can go well. */
export function isHopeless(error: unknown): boolean {
  return layersOf(error).some(({ name = "", type = "" }) => HOPELESS.includes(name) || HOPELESS.includes(type));
}

/** What is wrong, in one line, without secrets: the innermost reason. @param brokers where Kafka is */
export function reasonOf(brokers: readonly string[], error: unknown): string {
  const layers = layersOf(error);
  const texts = layers.flatMap(({ message }) => (message === undefined || message === "" ? [] : [message]));
  const place = layers.map(({ broker }) => broker).find((broker) => typeof broker === "string");
  const signs = layers.flatMap(({ name, type, code }) => [name, type, code]).filter((sign) => sign !== undefined);
  const failure = (texts.at(-1) ?? "no reason given").replace(/^Connection error: /, "");
  return explain(`Kafka at ${place ?? namesOf(brokers)}`, failure, signs.join(" "), ADVICE);
}

/** Some of the brokers' addresses. */
export function namesOf(brokers: readonly string[]): string {
  return brokers.length > MAX_NAMED ? `${brokers.slice(0, MAX_NAMED).join(", ")}, …` : brokers.join(", ");
}
