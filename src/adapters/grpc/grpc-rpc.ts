import { ImError } from "../../core/errors.js";
import type { NodeRpc, NodeRpcHost } from "../contracts/node-rpc.js";
import type { Condition, NodeId, NodeInfo } from "../contracts/nodes.js";
import { ConnectServer, reachableAt } from "./connect-server.js";
import { loadGrpc } from "./load-grpc.js";
import { assertOptions, type GrpcRpcOptions, listenOf } from "./options.js";
import { PeerLines } from "./peer-lines.js";

/** A line between nodes over gRPC; see {@link grpcRpc}. */
export class GrpcRpc implements NodeRpc {
  readonly #options: GrpcRpcOptions;
  #host: NodeRpcHost | null = null;
  #server: ConnectServer | null = null;
  #lines: PeerLines | null = null;
  #address = "";
  #starting: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  /** Use {@link grpcRpc}. */
  constructor(options: GrpcRpcOptions) {
    this.#options = options;
  }

  get address(): string {
    return this.#address;
  }

  bind(host: NodeRpcHost): void {
    if (this.#starting !== null) throw new Error("grpcRpc runs with the host it has: bind() comes before start()");
    this.#host = host;
  }

  async start(): Promise<void> {
    if (this.#host === null) throw new Error("bind() comes before start()");
    if (this.#closing !== null) throw closed();
    this.#starting ??= this.#start(this.#host).catch((error) => this.#giveUp(error));
    await this.#starting;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async send(peer: NodeInfo, bytes: Uint8Array): Promise<void> {
    if (this.#lines === null || this.#closing !== null) throw closed();
    await this.#lines.send(peer, bytes);
  }

  forget(peer: NodeId): void {
    if (this.#closing === null) this.#lines?.forget(peer);
  }

  async #start(host: NodeRpcHost): Promise<void> {
    const { tls, advertise } = this.#options;
    const grpc = await loadGrpc();
    const tell = (condition: Condition): void => this.#tell(host, condition);
    this.#server = new ConnectServer({ grpc, tls, host });
    const listen = listenOf(this.#options);
    const port = await this.#server.listen(listen);
    if (this.#closing !== null) throw closed();
    this.#address = reachableAt(listen, advertise, port);
    this.#lines = new PeerLines(tls, tell);
    tell({ state: "up" });
  }

  /** Somebody else may have given the address back when it is started again. */
  async #giveUp(error: unknown): Promise<never> {
    await this.#server?.close();
    this.#server = null;
    this.#starting = null;
    throw error;
  }

  async #close(): Promise<void> {
    this.#lines?.close();
    await this.#starting?.catch(() => undefined);
    await this.#server?.close();
  }

  #tell(host: NodeRpcHost, condition: Condition): void {
    if (this.#closing === null) host.onCondition(condition);
  }
}

function closed(): ImError {
  return new ImError("unavailable", { message: "grpcRpc is closed or not started" });
}

/**
 * The line between nodes over gRPC, with mutual TLS unless plaintext is asked for. Needs the package `@grpc/grpc-js`.
 * Errors: `invalid_argument`, with everything that is wrong with the options.
 */
export function grpcRpc(options: GrpcRpcOptions): GrpcRpc {
  assertOptions(options);
  return new GrpcRpc(options);
}
