import { exchange } from "../../services/exchange.js";

const COUNT = `local sum = 0
for _, key in ipairs(redis.call('KEYS', '*routes:*')) do sum = sum + redis.call('LLEN', key) end
return sum`;

/** Makes Redis forget everything; resolves when it has. */
export async function flushRedis(url: string): Promise<void> {
  await tell(url, ["FLUSHALL"]);
}

/** How many connections the book of sessions knows. */
export async function countRoutes(url: string): Promise<number> {
  return Number(await tell(url, ["EVAL", COUNT, "0"]));
}

function tell(url: string, words: readonly string[]): Promise<string> {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  const hello = Buffer.from(`*${words.length}\r\n${parts.join("")}`);
  return exchange({ url, defaultPort: 6379, hello, read: readLine });
}

/** The answer of one line. */
function readLine(received: Buffer): string | null {
  const text = received.toString("utf8");
  if (!text.endsWith("\r\n")) return null;
  if (text.startsWith("-")) throw new Error(text.slice(1).trim());
  return text.slice(1).trim();
}
