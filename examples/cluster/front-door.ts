import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * The smallest load balancer there is: an address that stays, and behind it the first node of a list that takes connections. What
 * comes back after a node has died ends up at the next one. A real one asks `/ready`, too.
 */
export async function openFrontDoor(nodeUrls: readonly string[]): Promise<{ url: string; close(): void }> {
  const ports = nodeUrls.map((url) => Number(new URL(url).port));
  const sockets = new Set<Socket>();
  const door = createServer(async (near) => {
    const far = await firstThatTakes(ports);
    if (far === null) return near.destroy();
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
    }
    return near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const { port } = door.address() as AddressInfo;
  const close = () => {
    door.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `ws://127.0.0.1:${port}/ws`, close };
}

async function firstThatTakes(ports: readonly number[]): Promise<Socket | null> {
  for (const port of ports) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      socket.destroy();
    }
  }
  return null;
}
