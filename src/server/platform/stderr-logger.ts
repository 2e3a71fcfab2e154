import { isImError } from "../../core/errors.js";
import type { LogFields, Logger } from "../logger.js";

/** Errors do not survive JSON.stringify; their message does, and the stack only where nobody expected the error. */
function readable(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return isImError(value) ? `${value.code}: ${value.message}` : (value.stack ?? value.message);
}

function line(level: string, fields: LogFields, text: string): string {
  const shown = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, readable(value)]));
  return `${JSON.stringify({ time: new Date().toISOString(), level, text, ...shown })}\n`;
}

/** The default logger: warnings and errors as one JSON line each on stderr, everything below is dropped. */
export function stderrLogger(): Logger {
  const write = (level: string) => (fields: LogFields, text: string) => {
    process.stderr.write(line(level, fields, text));
  };
  return { debug: () => {}, info: () => {}, warn: write("warn"), error: write("error") };
}
