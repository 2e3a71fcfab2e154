import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

const NOT_FOUND = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/**
 * Answers 404 to every upgrade that no other listener of `server` has answered in its turn: without this the socket
 * would stay open for ever, outside all time limits. Only for a server that belongs to us.
 */
export function refuseUnclaimedUpgrades(server: Server): void {
  server.on("upgrade", (_request: IncomingMessage, stream: Duplex) => {
    const socket = stream as Socket;
    const writtenBefore = socket.bytesWritten;
    const ignoreError = (): void => undefined;
    socket.on("error", ignoreError);
    setImmediate(() => {
      const isClaimed = socket.destroyed || socket.bytesWritten > writtenBefore;
      if (isClaimed) socket.off("error", ignoreError);
      else socket.end(NOT_FOUND, () => socket.destroy());
    });
  });
}
