import type { Kafka, RetryOptions, SASLOptions } from "kafkajs";
import type { KafkaModule } from "./load-kafka.js";
import type { KafkaSettings } from "./options.js";
import { type Redirect, Sockets } from "./sockets.js";

/** What everything that talks to Kafka needs. */
export interface KafkaServices {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly redirect: Redirect;
}

/** The package repeats little: what has failed is opened anew from the ground, which it cannot do. */
export const RETRY: RetryOptions = { retries: 2, initialRetryTime: 100, maxRetryTime: 500 };

const CONNECT_WITHIN_MS = 2_000;
/** Less than a publication may take. */
const ANSWER_WITHIN_MS = 4_000;

/** A client with connections of its own, which end with `signal`. It writes no log: what matters comes as an error or an event. */
export function createClient({ module, settings, redirect }: KafkaServices, signal: AbortSignal): Kafka {
  const { brokers, ssl, sasl } = settings;
  return new module.Kafka({
    clientId: "shyim",
    brokers: [...brokers],
    ...(ssl === undefined ? {} : { ssl: ssl === true ? {} : pemOf(ssl) }),
    // The package writes into what it is given.
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
    connectionTimeout: CONNECT_WITHIN_MS,
    authenticationTimeout: CONNECT_WITHIN_MS,
    requestTimeout: ANSWER_WITHIN_MS,
    socketFactory: new Sockets(signal, redirect).connect,
    retry: RETRY,
    logLevel: module.logLevel.NOTHING,
    logCreator: () => () => undefined,
  });
}

function pemOf(files: object): Record<string, Buffer> {
  const given = Object.entries(files).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, Buffer.from(value)]));
}
