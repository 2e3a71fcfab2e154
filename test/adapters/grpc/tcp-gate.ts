import { connect, createServer, type Server, type Socket } from "node:net";

interface Link {
  readonly near: Socket;
  readonly far: Socket;
}

/** A TCP proxy on loopback that can be shut, as a failing network does it: nothing gets through, and nobody is told. */
export class TcpGate {
  readonly #server: Server;
  readonly #links = new Set<Link>();
  readonly #held = new Set<Socket>();
  #isShut = false;
  #target: { readonly host: string; readonly port: number };

  private constructor(server: Server, host: string, port: number) {
    this.#server = server;
    this.#target = { host, port };
    server.on("connection", (near) => this.#onConnection(near));
  }

  /** Forwards from a free port of its own. */
  static async open(port: number, host = "127.0.0.1"): Promise<TcpGate> {
    const gate = new TcpGate(createServer(), host, port);
    await new Promise<void>((resolve) => gate.#server.listen(0, "127.0.0.1", resolve));
    return gate;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the gate does not listen");
    return address.port;
  }

  /** Links that lead through. */
  get links(): number {
    return this.#links.size;
  }

  /** Nothing gets through any more, on links that are there and on new ones. */
  shut(): void {
    this.#isShut = true;
    for (const { near, far } of this.#links) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  /** What was held back goes on its way. */
  reopen(): void {
    this.#isShut = false;
    for (const link of this.#links) join(link);
    for (const near of this.#held) this.#forward(near);
    this.#held.clear();
  }

  /** Drops every link; both ends notice. */
  drop(): void {
    for (const { near, far } of this.#links) {
      near.destroy();
      far.destroy();
    }
    for (const near of this.#held) near.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #onConnection(near: Socket): void {
    near.on("error", () => undefined);
    if (!this.#isShut) return this.#forward(near);
    near.pause();
    this.#held.add(near);
    near.on("close", () => this.#held.delete(near));
  }

  #forward(near: Socket): void {
    const { host, port } = this.#target;
    const far = connect(port, host);
    const link = { near, far };
    this.#links.add(link);
    join(link);
    far.on("error", () => undefined);
    for (const socket of [near, far]) {
      socket.on("close", () => {
        this.#links.delete(link);
        near.destroy();
        far.destroy();
      });
    }
  }
}

function join({ near, far }: Link): void {
  near.pipe(far);
  far.pipe(near);
}
