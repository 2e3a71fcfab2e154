/** Where a server is: a URL, or what the driver's package takes. */
export type ServerConnection = string | Readonly<Record<string, unknown>>;

/** So long a driver tries to connect unless it is told otherwise, ms. */
const CONNECT_TIMEOUT_MS = 5_000;

/** For `pg`. Types and formats are what the storage expects, also where an application reads its own in another way. */
export function postgresConnection(connection: ServerConnection): Record<string, unknown> {
  const given = typeof connection === "string" ? { connectionString: connection } : connection;
  const connectionTimeoutMillis = given.connectionTimeoutMillis ?? CONNECT_TIMEOUT_MS;
  return { ...given, connectionTimeoutMillis, types: undefined, binary: false };
}

/** For `mysql2`. Types are what the storage expects, also where an application reads its own in another way. */
export function mysqlConnection(connection: ServerConnection): Record<string, unknown> {
  const given = typeof connection === "string" ? { uri: connection } : connection;
  const types = { charset: "utf8mb4", supportBigNumbers: true, bigNumberStrings: false, typeCast: true };
  return { ...given, ...types, ...(givesTimeout(given) ? {} : { connectTimeout: CONNECT_TIMEOUT_MS }) };
}

/** What is said beside the URL would win over what is said in it. */
function givesTimeout({ connectTimeout, uri }: Readonly<Record<string, unknown>>): boolean {
  if (connectTimeout !== undefined) return true;
  return typeof uri === "string" && URL.canParse(uri) && new URL(uri).searchParams.has("connectTimeout");
}
