import { exchange } from "../exchange.js";
import { theProgram } from "../find-program.js";
import type { Place } from "../place.js";
import type { Service } from "../service.js";

/** Redis of Debian, on a port of one's own. It keeps nothing. @param more settings for its command line */
export function redisOn(port: number, more: readonly string[] = []): Service {
  return {
    name: "redis",
    variable: "SHYIM_TEST_REDIS_URL",
    greet: (url) => exchange({ url, defaultPort: 6379, hello: hello(new URL(url)), read: readRedisInfo }),
    recipe: {
      url: `redis://127.0.0.1:${port}`,
      ports: [port],
      packages: ["redis-server"],
      programs: ["redis-server"],
      user: "redis",
      initialise: async () => {},
      daemons: (place) => [{ words: [...command(place, port), ...more], mark: place.data, endSignal: "SIGTERM" }],
    },
  };
}

/** Redis, where the tests look for it. */
export const redis: Service = redisOn(16379);

/** Its title stays what it was started with, so that it is known again by its folder. */
function command({ data }: Place, port: number): string[] {
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", data, "--set-proc-title", "no"];
  return [theProgram("redis-server"), ...place, "--save", "", "--appendonly", "no"];
}

function hello({ username, password }: URL): Buffer {
  const who = [username, password].filter((word) => word !== "").map(decodeURIComponent);
  const words = (parts: readonly string[]): string => {
    const sizes = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
    return `*${parts.length}\r\n${sizes.join("")}`;
  };
  return Buffer.from(`${password === "" ? "" : words(["AUTH", ...who])}${words(["INFO", "server"])}`);
}

/** Finds the version in what the server tells about itself. */
export function readRedisInfo(received: Buffer): string | null {
  const text = received.toString("utf8");
  if (text.startsWith("-")) throw new Error(text.slice(1).trim());
  const version = /^redis_version:(\S+)/m.exec(text)?.[1];
  return version === undefined ? null : `Redis ${version}`;
}
