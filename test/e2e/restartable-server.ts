import { createImServer, type ImServer } from "shyim";
import { auth, NO_RATE } from "./stage.js";
import type { TcpProxy } from "./tcp-proxy.js";
import { type StoragePlace, withStorage } from "./with-storage.js";

/** A server on one storage and behind one address, however often it is started anew. */
export class RestartableServer<P extends StoragePlace = StoragePlace> {
  readonly place: P;
  readonly #proxy: TcpProxy;
  #im: ImServer;
  #stored: string[] = [];

  constructor(place: P, proxy: TcpProxy) {
    this.place = place;
    this.#proxy = proxy;
    this.#im = this.#createServer();
  }

  /** Stays the same, whatever happens behind it. */
  get port(): number {
    return this.#proxy.port;
  }

  /** The server that runs now. */
  get im(): ImServer {
    return this.#im;
  }

  /** Ids of what this server has told to be stored, since it was started for the last time. */
  get stored(): readonly string[] {
    return this.#stored;
  }

  /** Serves the storage as it is. Clients come in when `first` is done. */
  async start(first: (im: ImServer) => Promise<unknown> = async () => {}): Promise<void> {
    this.#im = this.#createServer();
    this.#stored = [];
    this.#im.on("message", ({ message }) => this.#stored.push(message.messageId));
    const { port } = await this.#im.listen(0, { host: "127.0.0.1" });
    await first(this.#im);
    this.#proxy.targetPort = port;
  }

  async stop(): Promise<void> {
    this.#proxy.targetPort = null;
    await this.#im.close();
  }

  /** What `npx shyim migrate --restored` does; the server must have stopped. */
  markRestored(): Promise<string> {
    return withStorage(this.place, (storage) => storage.markRestored());
  }

  /** Leaves no socket behind. */
  async dispose(): Promise<void> {
    await this.#im.close({ graceMs: 0 });
    await this.#proxy.close();
  }

  #createServer(): ImServer {
    return createImServer({ auth, storage: this.place.storage(), limits: NO_RATE });
  }
}
