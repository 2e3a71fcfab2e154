import { createRequire } from "node:module";
import type * as Kafkajs from "kafkajs";
import { ImError } from "../../core/errors.js";

/** The package. */
export type KafkaModule = (typeof Kafkajs)["default"];

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/** Loads the package when it is needed, so that nobody has to have it who does not use it. Errors: `operation_failed`. */
export async function loadKafka(load: () => Promise<KafkaModule> = importKafka): Promise<KafkaModule> {
  try {
    const loaded = await load();
    calmTimers();
    return loaded;
  } catch (cause) {
    const message = "kafkaQueue needs the package kafkajs: npm install kafkajs";
    throw new ImError("operation_failed", { message, cause });
  }
}

/** It is CommonJS, of which Node sees only some names from outside. */
async function importKafka(): Promise<KafkaModule> {
  const { default: loaded } = await import("kafkajs");
  return loaded;
}

/**
 * After each answer kafkajs 2.2.4 sets a timer for requests that wait, also when none does, and then with a negative delay: Node 24
 * warns of each. Where nothing waits, none is needed: the next one that has to wait sets its own.
 */
function calmTimers(): void {
  const found = requestQueues();
  if (found === null || Object.hasOwn(found, CALM)) return;
  const schedule = found.scheduleCheckPendingRequests;
  found.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
  Object.defineProperty(found, CALM, { value: true });
}

const CALM = Symbol.for("shyim.kafkajs.calm");

/** `null` for a version that is built otherwise. */
function requestQueues(): RequestQueue | null {
  try {
    const load = createRequire(import.meta.url);
    const { prototype } = load("kafkajs/src/network/requestQueue") as { readonly prototype: RequestQueue };
    return typeof prototype.scheduleCheckPendingRequests === "function" ? prototype : null;
  } catch {
    return null;
  }
}
