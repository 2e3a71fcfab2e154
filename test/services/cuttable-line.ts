import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A line to a server that can be cut as a failing network cuts it: nothing gets through, and nothing says so. */
export class CuttableLine {
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  /** Both ends of every connection. */
  readonly #sockets = new Set<Socket>();
  /** What happens once the line is whole again. */
  #later: (() => void)[] = [];
  #isCut = false;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: false, pauseOnConnect: true }, (near) => this.#take(near));
  }

  /** @param url of the server, with a port */
  static async to(url: string): Promise<CuttableLine> {
    const { hostname, port } = new URL(url);
    const line = new CuttableLine({ host: hostname, port: Number(port) });
    await once(line.#server.listen(0, "127.0.0.1"), "listening");
    return line;
  }

  /** Where the line begins. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.pause();
  }

  heal(): void {
    this.#isCut = false;
    const later = this.#later;
    this.#later = [];
    for (const run of later) run();
    for (const socket of this.#sockets) socket.resume();
  }

  /** Breaks every connection, which both ends hear. */
  reset(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.reset();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(near: Socket): void {
    this.#hold(near);
    this.#whenWhole(() => {
      if (near.destroyed) return;
      const far = connect(this.#target);
      this.#hold(far);
      this.#join(near, far);
      this.#join(far, near);
      near.resume();
    });
  }

  #join(from: Socket, to: Socket): void {
    from.on("data", (bytes) => this.#whenWhole(() => to.write(bytes)));
    from.on("end", () => this.#whenWhole(() => to.end()));
    from.on("close", () => this.#whenWhole(() => to.destroy()));
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #whenWhole(run: () => void): void {
    if (this.#isCut) this.#later.push(run);
    else run();
  }
}
