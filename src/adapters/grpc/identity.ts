import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { ServerCredentials } from "@grpc/grpc-js";
import type { GrpcModule } from "./load-grpc.js";
import type { GrpcTls } from "./options.js";

/** How a node that listens proves who it is, and has callers prove it. */
export function credentialsOf({ ServerCredentials }: GrpcModule, tls: GrpcTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) };
  return ServerCredentials.createSsl(Buffer.from(tls.ca), [pair], true);
}

/** Whether one whose certificate the authority has signed is a node. */
export function isNode(certificate: PeerCertificate, { allowedNames }: GrpcTls): boolean {
  return allowedNames?.some((name) => checkServerIdentity(name, certificate) === undefined) ?? true;
}
