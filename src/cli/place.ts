import type { ServerStorageOptions, SqliteStorageOptions } from "../adapters/knex/index.js";
import { ImError } from "../core/errors.js";
import { describe } from "../core/model.js";

/** A database somebody named: a file, or a server by its URL. */
export type Place =
  | { readonly kind: "file"; readonly file: string; readonly client: SqliteStorageOptions["client"] }
  | { readonly kind: "server"; readonly url: string; readonly client: ServerStorageOptions["client"] };

/** Protocols of URLs, and the package that speaks each. */
const CLIENTS: Readonly<Record<string, ServerStorageOptions["client"]>> = {
  "mysql:": "mysql2",
  "mariadb:": "mysql2",
  "postgres:": "pg",
  "postgresql:": "pg",
};

/** What stands before the first place of a URL: any protocol with its slashes, one of ours also without them. */
const BEGINNING = new RegExp(`^(?:[a-z][a-z0-9+.-]*://|(?:${Object.keys(CLIENTS).join("|")}))`, "i");

/** True for what somebody means as a URL, whether it is one or not. */
export function looksLikeUrl(text: string): boolean {
  return BEGINNING.test(text);
}

/**
 * The server of a URL, or `null` for another kind of text.
 * Errors: `invalid_argument`, which repeats nothing behind the protocol: there may be a password.
 */
export function serverAt(text: string): (Place & { readonly kind: "server" }) | null {
  if (!looksLikeUrl(text)) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const client = url === null ? undefined : CLIENTS[url.protocol];
  if (url !== null && client !== undefined && url.host !== "" && url.pathname.length > 1)
    return { kind: "server", url: text, client };
  const message = `${shown(text)} is no URL of a database: try mysql://user:password@host:3306/chat, or postgres://user:password@host:5432/chat`;
  throw new ImError("invalid_argument", { message });
}

/** How a place is called on the terminal: without user and password. */
export function nameOf(place: Place): string {
  if (place.kind === "file") return place.file;
  const { protocol, host, pathname } = new URL(place.url);
  return `${protocol}//${host}${pathname}`;
}

/** What a person typed, for an error text; of a URL only the protocol. */
export function shown(text: string): string {
  const [beginning] = BEGINNING.exec(text) ?? [];
  return describe(beginning === undefined ? text : `${beginning}…`);
}

/** What the storage is told of a place. */
export function optionsOf(place: Place): SqliteStorageOptions | ServerStorageOptions {
  if (place.kind === "file") return { client: place.client, connection: { filename: place.file } };
  return { client: place.client, connection: place.url };
}
