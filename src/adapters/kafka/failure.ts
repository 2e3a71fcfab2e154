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

interface Failure {
  readonly name?: string;
  readonly type?: string;
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

/** What is wrong, in one line: the innermost reason. */
export function reasonOf(error: unknown): string {
  const texts = layersOf(error).flatMap(({ message }) => (message === undefined || message === "" ? [] : [message]));
  return texts.at(-1) ?? "no reason given";
}
