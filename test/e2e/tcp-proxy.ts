import { connect, createServer, type Server, type Socket } from "node:net";

interface Link {
  readonly near: Socket;
  readonly far: Socket;
}

/** A TCP proxy on loopback whose links can be cut (both sides notice) or stalled (nobody is told, nothing passes). */
export class TcpProxy {
  /** Where new links lead; `null` drops them at once, as if nobody listened. */
  targetPort: number | null;
  readonly #server: Server;
  readonly #links = new Set<Link>();

  private constructor(server: Server, targetPort: number | null) {
    this.#server = server;
    this.targetPort = targetPort;
  }

  /** Forwards to `targetPort` from a free port of its own. */
  static async open(targetPort: number | null): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, targetPort);
    server.on("connection", (near) => {
      if (proxy.targetPort === null) near.destroy();
      else proxy.#forward(near, proxy.targetPort);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy does not listen");
    return address.port;
  }

  /** Links on which bytes pass. */
  get openLinks(): number {
    return [...this.#links].filter(({ near }) => !near.isPaused()).length;
  }

  /** Drops every link. */
  cut(): void {
    for (const { near, far } of this.#links) {
      near.destroy();
      far.destroy();
    }
  }

  /** From now on nothing passes on the links that are open now; new ones are not concerned. */
  stall(): void {
    for (const { near, far } of this.#links) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #forward(near: Socket, targetPort: number): void {
    const far = connect(targetPort, "127.0.0.1");
    const link = { near, far };
    this.#links.add(link);
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#links.delete(link);
        near.destroy();
        far.destroy();
      });
    }
  }
}
