import { type ImError, isImError } from "../core/errors.js";
import type { PackageFacts } from "./package-facts.js";

/** What Node says when knex is missing, or is a version without the part that is needed. */
const MISSING_KNEX = /^Cannot find (?:package|module) '[^']*\bknex\b/;

/** A failure in words for the person at the terminal; only what nobody foresaw comes with its stack. */
export function failureText(error: unknown, { peerDependencies }: PackageFacts): string {
  if (!(error instanceof Error)) return String(error);
  if (MISSING_KNEX.test(error.message))
    return `this needs the package knex ${peerDependencies.knex}: npm install knex@${peerDependencies.knex}`;
  if (!isImError(error)) return error.stack ?? error.message;
  const text = withCause(error);
  return error.code === "busy" ? `${text}; run this again when it has let go` : text;
}

/** These speak of the database as a whole; what SQLite said is one step below. */
function withCause({ code, message, cause }: ImError): string {
  const isGeneral = code === "unavailable" || code === "store_failed";
  const isTold = !(cause instanceof Error) || message.includes(cause.message);
  return isGeneral && !isTold ? `${message}: ${cause.message}` : message;
}
