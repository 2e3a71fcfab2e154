import { connect, createServer, type Server, type Socket } from "node:net";

/** What passes: everything, everything but WebSockets, nothing. */
export type Passing = "everything" | "no sockets" | "nothing";

/**
 * The way of one person to the server: an address of their own on this machine, which can be cut and mended. What is cut is
 * noticed at both ends at once.
 */
export class Network {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #links = new Set<Socket>();
  #passing: Passing = "everything";

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
  }

  static async open(targetPort: number): Promise<Network> {
    const server = createServer();
    const network = new Network(server, targetPort);
    server.on("connection", (near) => network.#accept(near));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return network;
  }

  /** Where the page is for this person. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the network is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  /** From now on only this passes; what is open is cut. */
  allow(passing: Passing): void {
    this.#passing = passing;
    if (passing !== "everything") this.#cut();
  }

  async close(): Promise<void> {
    this.#cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #cut(): void {
    for (const link of this.#links) link.destroy();
  }

  #accept(near: Socket): void {
    this.#keep(near);
    // The first bytes say what it is going to be; browsers open a connection of its own for every WebSocket.
    near.once("data", (head: Buffer) => {
      if (this.#passes(head)) this.#forward(near, head);
      else near.destroy();
    });
  }

  #passes(head: Buffer): boolean {
    if (this.#passing === "no sockets") return !head.toString("latin1").startsWith("GET /ws ");
    return this.#passing === "everything";
  }

  #forward(near: Socket, head: Buffer): void {
    const far = connect(this.#targetPort, "127.0.0.1");
    this.#keep(far);
    far.write(head);
    near.pipe(far);
    far.pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  }

  /** Also one on which nothing was said yet: browsers open connections in advance. */
  #keep(socket: Socket): void {
    this.#links.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#links.delete(socket));
  }
}
