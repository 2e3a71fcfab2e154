import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server on a port of its own, gone after the test. @param serve gets each connection, whose ends end by themselves */
export async function serving(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Says everything back, and ends when the other has. */
export function echo(socket: Socket): void {
  socket.pipe(socket);
}

/** A client, and what it has heard. */
export class Caller {
  readonly socket: Socket;
  heard = "";
  /** How it ended; `null` while it has not. */
  ended: "in order" | "broken" | null = null;

  /** The other end has said its last word. */
  isAllHeard = false;

  constructor(port: number) {
    this.socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    this.socket.setNoDelay(true);
    this.socket.on("data", (bytes) => {
      this.heard += bytes.toString();
    });
    this.socket.on("end", () => {
      this.isAllHeard = true;
    });
    this.socket.on("error", () => {});
    this.socket.on("close", (hadError) => {
      this.ended = hadError ? "broken" : "in order";
    });
    onTestFinished(() => void this.socket.destroy());
  }

  says(text: string): void {
    this.socket.write(text);
  }
}
