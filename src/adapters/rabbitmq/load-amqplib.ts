import type * as Amqplib from "amqplib";
import { ImError } from "../../core/errors.js";

/** What is used of the package. */
export type AmqpModule = Pick<(typeof Amqplib)["default"], "connect">;

/** Loads the package when it is needed, so that nobody has to have it who does not use it. Errors: `operation_failed`. */
export async function loadAmqplib(load: () => Promise<AmqpModule> = importAmqplib): Promise<AmqpModule> {
  try {
    return await load();
  } catch (cause) {
    const message = "rabbitQueue needs the package amqplib: npm install amqplib";
    throw new ImError("operation_failed", { message, cause });
  }
}

/** It is CommonJS, of which Node sees only some names from outside. */
async function importAmqplib(): Promise<AmqpModule> {
  const { default: loaded } = await import("amqplib");
  return loaded;
}
