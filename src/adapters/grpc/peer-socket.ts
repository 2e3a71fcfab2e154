import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import type { Address } from "./address.js";
import { isNode } from "./identity.js";
import type { GrpcTls } from "./options.js";

/** No IP address may stand in the handshake. Who a peer is, is told by its certificate, wherever it is. */
const SERVER_NAME = "node.shyim.invalid";
/** Who has gone without a goodbye is noticed by the system, too, ms. */
const KEEP_ALIVE_MS = 10_000;

/** Begins to connect to a peer. With `tls` nothing is sent to one that does not prove to be a node: the socket fails instead. */
export function connectTo({ host, port }: Address, tls: GrpcTls | undefined): Socket {
  const options = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  if (tls === undefined) return connectPlain(options);
  const [ca, cert, key] = [Buffer.from(tls.ca), Buffer.from(tls.cert), Buffer.from(tls.key)];
  return connectSecure({
    ...options,
    ...{ ca, cert, key, servername: SERVER_NAME, ALPNProtocols: ["h2"], rejectUnauthorized: true },
    checkServerIdentity: (_name, certificate) =>
      isNode(certificate, tls) ? undefined : new Error("its certificate has none of the names in tls.allowedNames"),
  });
}
