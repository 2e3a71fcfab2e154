import type { Socket } from "node:net";

/** What is looked at before. */
type Resettable = Pick<Socket, "destroyed" | "destroy" | "resetAndDestroy" | "writableEnded" | "writableFinished">;

/**
 * Breaks a connection so that the other end hears of it. While its last word is still leaving it is closed instead: the system takes
 * no reset then, and Node would keep the socket for ever.
 */
export function resetSocket(socket: Resettable): void {
  if (socket.destroyed) return;
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
