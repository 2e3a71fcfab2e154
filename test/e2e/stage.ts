import { createImServer, type ImServerOptions, type Limits } from "shyim";
import { createImClient, type ImClient, type ImMessage } from "shyim/client";

/** Limits that let a test be as fast as the machine. */
export const NO_RATE: Partial<Limits> = { uplinksPerSecond: 1_000_000, uplinkBurst: 1_000_000 };

/** A token is the user's id; "stranger" is nobody's. */
export const auth = { authenticate: (token: string) => (token === "stranger" ? null : { userId: token }) };

/** A server on a free port of this machine. */
export async function openServer(options: Partial<ImServerOptions> = {}) {
  const im = createImServer({ auth, ...options });
  const { url, port } = await im.listen(0, { host: "127.0.0.1" });
  return { im, url, port };
}

/** A client with everything it has shown. */
export interface Seat {
  readonly client: ImClient;
  readonly shown: ImMessage[];
}

export function openClient(userId: string, port: number, options: object = {}): Seat {
  const client = createImClient({ url: `ws://127.0.0.1:${port}/ws`, token: userId, ...options });
  const shown: ImMessage[] = [];
  client.on("message", (message) => shown.push(message));
  return { client, shown };
}

/** Resolves when `condition` holds; looks at it after every few turns of the event loop. */
export async function eventually(condition: () => boolean, what: string, patienceMs = 60_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** 1, 2, 3 … `count`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
