import { once } from "node:events";
import { createServer } from "node:net";

/** The first of these ports of this machine on which somebody listens; `null` when all are free. */
export async function takenPort(ports: readonly number[]): Promise<number | null> {
  for (const port of ports) if (!(await isFree(port))) return port;
  return null;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen({ port, host: "127.0.0.1" }), "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
