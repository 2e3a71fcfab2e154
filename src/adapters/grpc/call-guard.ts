import type { Metadata, ServerDuplexStream, ServerUnaryCall, StatusObject } from "@grpc/grpc-js";
import type { NodeId } from "../contracts/nodes.js";
import { TARGET_KEY } from "./connect-service.js";
import { isNode } from "./identity.js";
import type { GrpcModule } from "./load-grpc.js";
import type { GrpcTls } from "./options.js";

/** Any call of the service. */
export type Call = ServerUnaryCall<Uint8Array, Uint8Array> | ServerDuplexStream<Uint8Array, Uint8Array>;

/** Why a call is not heard. */
export type Refusal = Pick<StatusObject, "code" | "details">;

/** Looks at who calls, and whom they mean. */
export class CallGuard {
  readonly #status: GrpcModule["status"];
  readonly #tls: GrpcTls | undefined;
  readonly #id: NodeId;

  /** @param tls what proves that somebody is a node; undefined when nobody has to prove it */
  constructor({ status }: GrpcModule, tls: GrpcTls | undefined, id: NodeId) {
    this.#status = status;
    this.#tls = tls;
    this.#id = id;
  }

  /** Why this caller is not heard; `null` for a node. */
  refuseCaller(call: Call): Refusal | null {
    if (this.#tls === undefined) return null;
    const { sslPeerCertificate } = call.getAuthContext();
    if (sslPeerCertificate !== undefined && isNode(sslPeerCertificate, this.#tls)) return null;
    return { code: this.#status.PERMISSION_DENIED, details: "the certificate is none of a node" };
  }

  /** Why this stream is not heard: it is meant for another node, which had this address before. */
  refuseTarget(metadata: Metadata): Refusal | null {
    const isMeant = metadata.get(TARGET_KEY).some((value) => value.toString() === this.#id);
    return isMeant ? null : { code: this.#status.FAILED_PRECONDITION, details: "another node is meant" };
  }
}
