import { connect, type Socket } from "node:net";

/** A connection to a port of this machine, half-open where the other end is; `null` when it is refused or broken off. */
export function connectTo(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(null));
  });
}
