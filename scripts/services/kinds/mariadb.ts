import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exchange } from "../exchange.js";
import { theProgram } from "../find-program.js";
import { type Place, programIn } from "../place.js";
import type { Recipe, Service } from "../service.js";

/** One line each; run as root of the database before it serves anybody. */
const FIRST_WORDS = [
  "CREATE DATABASE IF NOT EXISTS shyim;",
  "CREATE USER IF NOT EXISTS root@'127.0.0.1';",
  "GRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;",
];

/** Kept through `kill -9`, not through a power cut: there is nothing in it that anybody would miss. */
const SETTINGS = [
  ...["--bind-address=127.0.0.1", "--skip-name-resolve", "--max-connections=200"],
  ...["--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin", "--innodb-flush-log-at-trx-commit=2"],
];

const recipeOn = (port: number, more: readonly string[]): Recipe => ({
  url: `mysql://root@127.0.0.1:${port}/shyim`,
  ports: [port],
  packages: ["mariadb-server", "mariadb-client"],
  programs: ["mariadbd", "mariadb-install-db"],
  user: "mysql",
  initialise: async (place) => {
    await writeFile(join(place.folder, "first-words.sql"), `${FIRST_WORDS.join("\n")}\n`);
    const how = ["--auth-root-authentication-method=normal", "--skip-test-db"];
    await programIn(place, [theProgram("mariadb-install-db"), "--no-defaults", dataOf(place), ...how]);
  },
  daemons: (place) => [{ words: [...command(place, port), ...more], mark: dataOf(place), endSignal: "SIGTERM" }],
});

const dataOf = ({ data }: Place): string => `--datadir=${data}`;

function command(place: Place, port: number): string[] {
  const files = [
    `--socket=${join(place.data, "socket")}`,
    `--pid-file=${join(place.data, "pid")}`,
    `--tmpdir=${place.data}`,
  ];
  const first = `--init-file=${join(place.folder, "first-words.sql")}`;
  return [theProgram("mariadbd"), "--no-defaults", dataOf(place), `--port=${port}`, ...files, first, ...SETTINGS];
}

/** MariaDB of Debian, on a port of one's own; or the MariaDB that is given. @param more settings for its command line */
export function mariadbOn(port: number, more: readonly string[] = []): Service {
  const recipe = recipeOn(port, more);
  return { name: "mariadb", variable: "SHYIM_TEST_MYSQL_URL", recipe, greet, objectTo: objectToMysql };
}

/** The tests on MariaDB use words of it that MySQL does not know. */
function objectToMysql(greeting: string): string | null {
  if (!greeting.startsWith("MySQL")) return null;
  return `SHYIM_TEST_MYSQL_URL is for a MariaDB, and what it names is ${greeting}: give that as SHYIM_TEST_MYSQL8_URL`;
}

/** MariaDB, where the tests look for it. */
export const mariadb: Service = mariadbOn(23306);

/** MySQL 8, which Debian does not have: it can only be given. */
export const mysql8: Service = { name: "mysql8", variable: "SHYIM_TEST_MYSQL8_URL", recipe: null, greet };

function greet(url: string): Promise<string> {
  return exchange({ url, defaultPort: 3306, read: readMysqlGreeting });
}

/** The first packet of a MySQL server says its version in plain text, before anybody has signed in. */
export function readMysqlGreeting(received: Buffer): string | null {
  if (received.length < 7) return null;
  if (received[4] === 0xff) throw new Error(received.toString("latin1", 7));
  const end = received.indexOf(0, 5);
  if (end < 0) return null;
  const words = received.toString("latin1", 5, end).replace(/^5\.5\.5-/, "");
  return `${words.includes("MariaDB") ? "MariaDB" : "MySQL"} ${words.split("-")[0]}`;
}
