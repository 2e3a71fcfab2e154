import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";

/** What a line shows, and whose certificates it asks for. */
export interface TlsLineOptions {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  /** Signs those of the clients it lets in; without it everybody is. */
  readonly clientCa?: string | Uint8Array;
  /** The protocol inside, where the client asks. */
  readonly protocol?: string;
}

/** TLS in front of a server that has none. */
export class TlsLine {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param url of the server, with a port */
  static async to(url: string, options: TlsLineOptions): Promise<TlsLine> {
    const { hostname, port } = new URL(url);
    const server = createServer(tlsOptions(options), (near) => {
      const far = connect(Number(port), hostname);
      near.pipe(far).pipe(near);
      near.on("error", () => far.destroy());
      far.on("error", () => near.destroy());
      near.on("close", () => far.destroy());
    });
    server.on("tlsClientError", () => {});
    await once(server.listen(0, "localhost"), "listening");
    return new TlsLine(server);
  }

  /** On `localhost`. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function tlsOptions({ cert, key, clientCa, protocol }: TlsLineOptions): TlsOptions {
  return {
    cert: Buffer.from(cert),
    key: Buffer.from(key),
    ...(clientCa !== undefined && { ca: Buffer.from(clientCa), requestCert: true, rejectUnauthorized: true }),
    ...(protocol !== undefined && { ALPNProtocols: [protocol] }),
  };
}
