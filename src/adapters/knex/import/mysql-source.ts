import createKnex, { type Knex } from "knex";
import { ImError } from "../../../core/errors.js";

const SILENT = { warn: () => {}, error: () => {}, deprecate: () => {}, debug: () => {} };

/**
 * Everything that is read comes from one moment and nothing can be written. Instants are given in UTC; the connection may stand
 * still for a day while the target is written.
 */
const PREPARATION = [
  "set session transaction isolation level repeatable read",
  "set session time_zone = '+00:00'",
  "set session wait_timeout = 86400",
  "start transaction with consistent snapshot, read only",
];

/** The original's database: one connection, one moment, nothing but reading. */
export class MysqlSource {
  /** Where it is, without user and password. */
  readonly place: string;
  readonly #knex: Knex;
  #connection: unknown = null;

  private constructor(place: string, knex: Knex) {
    this.place = place;
    this.#knex = knex;
  }

  /** Errors: `invalid_argument` for what is no URL; `unavailable` when the package is missing or nobody answers. */
  static async open(url: string): Promise<MysqlSource> {
    const source = new MysqlSource(placeOf(url), openKnex(url));
    try {
      source.#connection = await source.#knex.client.acquireConnection();
      for (const statement of PREPARATION) await source.read(statement);
      return source;
    } catch (error) {
      await source.close();
      throw error instanceof ImError ? error : source.#failed("cannot open", error, ADVICE);
    }
  }

  /** Errors: `unavailable`, with the driver's words. */
  async read<Row>(sql: string, bindings: readonly (string | number | readonly number[])[] = []): Promise<Row[]> {
    try {
      const [rows] = await this.#knex.raw(sql, bindings as Knex.RawBinding[]).connection(this.#connection);
      return rows;
    } catch (error) {
      throw this.#failed("cannot read", error, "Nothing is lost: run the import again, it goes on where it was");
    }
  }

  async close(): Promise<void> {
    if (this.#connection !== null) await this.#knex.client.releaseConnection(this.#connection);
    this.#connection = null;
    await this.#knex.destroy();
  }

  #failed(what: string, error: unknown, advice: string): ImError {
    const { message, code } = error as Error & { readonly code?: unknown };
    // Where a name has several addresses the driver's error has no text of its own.
    const said = message === "" ? String(code) : message;
    return new ImError("unavailable", { message: `${what} ${this.place}: ${said}. ${advice}`, cause: error });
  }
}

const ADVICE = "Does it run there, may this user connect, and does the database exist?";

/** Errors: `invalid_argument`. Nothing of the URL is repeated: it may hold a password. */
function placeOf(url: string): string {
  const { protocol, host, pathname } = URL.canParse(url) ? new URL(url) : { protocol: "", host: "", pathname: "" };
  const isMysql = protocol === "mysql:" || protocol === "mariadb:";
  if (isMysql && host !== "" && pathname.length > 1) return `${protocol}//${host}${pathname}`;
  const message = "the source must be a URL with a database, such as mysql://user:password@host:3306/im";
  throw new ImError("invalid_argument", { message });
}

function openKnex(uri: string): Knex {
  const connection = { uri, charset: "utf8mb4", supportBigNumbers: true, dateStrings: true };
  try {
    return createKnex({
      client: "mysql2",
      connection: connection as Knex.MySql2ConnectionConfig,
      pool: { min: 0, max: 1 },
      compileSqlOnError: false,
      log: SILENT,
    });
  } catch (cause) {
    const message = "reading the original's database needs the package mysql2: npm install mysql2";
    throw new ImError("unavailable", { message, cause });
  }
}
