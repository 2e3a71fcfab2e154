import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { exchange } from "../exchange.js";
import { theProgram } from "../find-program.js";
import { type Place, programIn } from "../place.js";
import type { Recipe, Service } from "../service.js";

const SETTINGS = ["listen_addresses=127.0.0.1", "max_connections=200"].flatMap((text) => ["-c", text]);
/**
 * Kept through `kill -9`, not through a power cut: there is nothing in it that anybody would miss. In the file that `alter system`
 * writes, so that a bench can have it otherwise for a while.
 */
const NOT_FLUSHED = "fsync = off\n";

const recipeOn = (port: number): Recipe => ({
  url: `postgres://postgres@127.0.0.1:${port}/shyim`,
  ports: [port],
  packages: ["postgresql"],
  programs: ["initdb", "postgres"],
  user: "postgres",
  initialise: async (place) => {
    const how = ["-A", "trust", "-U", "postgres", "--locale=C", "--encoding=UTF8", "--no-sync"];
    await programIn(place, [theProgram("initdb"), "-D", place.data, ...how]);
    await appendFile(join(place.data, "postgresql.auto.conf"), NOT_FLUSHED);
    const alone = [theProgram("postgres"), "--single", "-D", place.data, "postgres"];
    await programIn(place, alone, { input: "CREATE DATABASE shyim\n" });
  },
  daemons: (place) => [{ words: command(place, port), mark: `-D ${place.data}`, endSignal: "SIGINT" }],
});

function command({ data }: Place, port: number): string[] {
  return [theProgram("postgres"), "-D", data, "-p", String(port), "-k", data, ...SETTINGS];
}

/** PostgreSQL of Debian, on a port of one's own. */
export function postgresOn(port: number): Service {
  return {
    name: "postgres",
    variable: "SHYIM_TEST_POSTGRES_URL",
    recipe: recipeOn(port),
    greet: (url) => exchange({ url, defaultPort: 5432, hello: startup(new URL(url)), read: readPostgresGreeting }),
  };
}

/** PostgreSQL, where the tests look for it. */
export const postgres: Service = postgresOn(25432);

/** The first message of a client: protocol 3.0, whom it is and which database it wants. */
function startup({ username, pathname }: URL): Buffer {
  const user = decodeURIComponent(username) || "postgres";
  const database = decodeURIComponent(pathname.slice(1)) || user;
  const words = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + words.length, 0);
  head.writeInt32BE(0x30000, 4);
  return Buffer.concat([head, words]);
}

/** Reads the answer: one kind of message after the other, each a letter, a length and its content. */
export function readPostgresGreeting(received: Buffer): string | null {
  for (let at = 0; at + 5 <= received.length; at += 1 + received.readInt32BE(at + 1)) {
    const content = received.subarray(at + 5, at + 1 + received.readInt32BE(at + 1));
    const found = readMessage(String.fromCharCode(received[at] ?? 0), content);
    if (found !== null) return found;
  }
  return null;
}

function readMessage(kind: string, content: Buffer): string | null {
  const words = content.toString("utf8").split("\0");
  if (kind === "E") throw new Error(words.find((word) => word.startsWith("M"))?.slice(1) ?? "it refused");
  if (kind === "R" && content.length >= 4 && content.readInt32BE(0) !== 0) return "PostgreSQL (behind a password)";
  return kind === "S" && words[0] === "server_version" ? `PostgreSQL ${words[1]?.split(" ")[0]}` : null;
}
