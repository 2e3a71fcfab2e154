import type { Server, ServerDuplexStream, ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { isImError } from "../../core/errors.js";
import type { NodeRpcHost } from "../contracts/node-rpc.js";
import { formatAddress, parseAddress } from "./address.js";
import { type Call, CallGuard, type Refusal } from "./call-guard.js";
import { CONNECT_SERVICE, REPLY } from "./connect-service.js";
import { type Delivery, decodeDeliveries, decodeDelivery, deliverAll } from "./deliver.js";
import { Door } from "./door.js";
import { credentialsOf } from "./identity.js";
import type { GrpcModule } from "./load-grpc.js";
import type { GrpcTls } from "./options.js";
import { SERVER_OPTIONS } from "./server-options.js";

/** What listening needs. */
export interface ServerServices {
  readonly grpc: GrpcModule;
  readonly tls: GrpcTls | undefined;
  readonly host: NodeRpcHost;
}

type Unary = ServerUnaryCall<Uint8Array, Uint8Array>;
type Stream = ServerDuplexStream<Uint8Array, Uint8Array>;

const NOTHING = new Uint8Array();

/** The end that listens: what peers, and programs of the original protocol, call. */
export class ConnectServer {
  readonly #services: ServerServices;
  readonly #guard: CallGuard;
  readonly #server: Server;
  readonly #injector: ReturnType<Server["createConnectionInjector"]>;
  readonly #door: Door;
  #isClosed = false;

  constructor(services: ServerServices) {
    const { grpc, tls, host } = services;
    this.#services = services;
    this.#guard = new CallGuard(grpc, tls, host.id);
    this.#server = new grpc.Server(SERVER_OPTIONS);
    this.#injector = this.#server.createConnectionInjector(credentialsOf(grpc, tls));
    this.#door = new Door((socket) => this.#injector.injectConnection(socket));
    this.#server.addService(CONNECT_SERVICE, {
      DeliverMessage: this.#unary(decodeDelivery),
      DeliverMessageAll: this.#unary(decodeDeliveries),
      Notify: (stream: Stream) => this.#notify(stream),
    });
  }

  /** Resolves with the port. Errors: `operation_failed` when the address cannot be had. */
  listen(address: string): Promise<number> {
    return this.#door.listen(address);
  }

  /** Ends all connections at once. The address is free when it resolves. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#door.close();
    this.#injector.destroy();
    this.#server.forceShutdown();
  }

  /** Why a caller is not heard; the connection of one who is may stay. */
  #refuse(call: Call): Refusal | null {
    const refusal = this.#guard.refuseCaller(call);
    if (refusal === null) this.#door.heard(call.getPeer());
    return refusal;
  }

  #notify(stream: Stream): void {
    stream.on("error", () => undefined);
    const refusal = this.#refuse(stream) ?? this.#guard.refuseTarget(stream.metadata);
    if (refusal !== null) return void stream.emit("error", refusal);
    stream.on("data", (batch: Uint8Array) => {
      if (!this.#isClosed) stream.write(REPLY.write({ taken: this.#receive(batch) }));
    });
    stream.on("end", () => stream.end());
  }

  #receive(batch: Uint8Array): boolean {
    try {
      this.#services.host.receive(batch);
      return true;
    } catch {
      return false;
    }
  }

  #unary(decode: (request: Uint8Array) => readonly Delivery[]) {
    return (call: Unary, answer: sendUnaryData<Uint8Array>): void => {
      const refusal = this.#refuse(call) ?? this.#deliver(() => decode(call.request));
      if (refusal === null) answer(null, NOTHING);
      else answer(refusal);
    };
  }

  /** The answer has no fields: that nobody of them is connected here is told as `NOT_FOUND`. */
  #deliver(decode: () => readonly Delivery[]): Refusal | null {
    const { status } = this.#services.grpc;
    if (this.#isClosed) return { code: status.UNAVAILABLE, details: "this node is closing" };
    try {
      if (deliverAll(decode(), this.#services.host) > 0) return null;
      return { code: status.NOT_FOUND, details: "no such user is connected here" };
    } catch (error) {
      if (isImError(error, "invalid_argument")) return { code: status.INVALID_ARGUMENT, details: error.message };
      return { code: status.INTERNAL, details: "the node could not take it" };
    }
  }
}

/** Where peers reach what listens at `listen`, once its port is known. */
export function reachableAt(listen: string, advertise: string | undefined, port: number): string {
  if (advertise !== undefined && parseAddress(advertise) !== null) return advertise;
  const host = advertise ?? parseAddress(listen)?.host ?? "";
  return advertise === undefined ? formatAddress({ host, port }) : `${host}:${port}`;
}
