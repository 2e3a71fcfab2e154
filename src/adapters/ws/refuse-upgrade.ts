import type { Duplex } from "node:stream";

const NOT_FOUND = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/**
 * Answers an upgrade with 404 and ends its socket. Node hands an upgrade over with all its time limits taken off: one that
 * nobody answers would stay open for ever.
 */
export function refuseUpgrade(socket: Duplex): void {
  // The peer may be gone already: nobody is left to tell.
  socket.on("error", () => undefined);
  socket.end(NOT_FOUND, () => socket.destroy());
}
