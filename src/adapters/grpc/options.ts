import { createSecureContext } from "node:tls";
import { ImError } from "../../core/errors.js";
import { describe } from "../../core/model.js";
import { isEverywhere, parseAddress, parseHost } from "./address.js";

/** Certificates, as PEM. */
export interface GrpcTls {
  /** The authority that has signed the certificates of all nodes. Keep one for this cluster alone, or name the nodes in `allowedNames`. */
  readonly ca: string | Uint8Array;
  /** This node's certificate; it serves both ends, so if it names its uses (EKU), these are `serverAuth` and `clientAuth`. */
  readonly cert: string | Uint8Array;
  /** Its private key. */
  readonly key: string | Uint8Array;
  /**
   * Names of nodes: a peer is one when its certificate has one of them (among its alternative names, or as common name where it has
   * none). Default: whoever the authority has signed is a node. Where a peer is does not count.
   */
  readonly allowedNames?: readonly string[];
}

/** Options of {@link grpcRpc} whatever the connections are. */
interface CommonOptions {
  /** Where to listen, `host:port`; port 0 takes a free one. Default `127.0.0.1:0`, so only this machine is let in. */
  readonly listen?: string;
  /** Where peers reach this node, `host:port` or a `host` that the real port is added to. Default: where it listens. */
  readonly advertise?: string;
}

/** Both ends prove who they are. */
export interface SecureGrpcOptions extends CommonOptions {
  readonly tls: GrpcTls;
  readonly plaintext?: never;
}

/** Nobody proves anything, and nothing is encrypted. */
export interface PlaintextGrpcOptions extends CommonOptions {
  /** Only for a network that nobody else has access to: whoever reaches the port can end sessions and forge outcomes. */
  readonly plaintext: true;
  readonly tls?: never;
}

/** Options of {@link grpcRpc}. */
export type GrpcRpcOptions = SecureGrpcOptions | PlaintextGrpcOptions;

const DEFAULT_LISTEN = "127.0.0.1:0";
const MAX_NAMES = 1_000;

/** The address to listen at. */
export function listenOf({ listen = DEFAULT_LISTEN }: GrpcRpcOptions): string {
  return listen;
}

/** Errors: `invalid_argument` that lists every problem. Nothing of a key is repeated. */
export function assertOptions(options: GrpcRpcOptions): void {
  const { listen = DEFAULT_LISTEN, advertise, tls, plaintext, ...others } = Object(options) as Record<string, unknown>;
  const problems = [
    ...addressProblems(listen, advertise),
    ...securityProblems(tls, plaintext),
    ...(tls === undefined ? [] : tlsProblems(tls)),
    ...Object.keys(others).map((name) => `${name}: there is no such option`),
  ];
  if (problems.length === 0) return;
  const message = `grpcRpc: the options are not valid\n${problems.map((each) => `  - ${each}`).join("\n")}`;
  throw new ImError("invalid_argument", { message });
}

function addressProblems(listen: unknown, advertise: unknown): string[] {
  const at = typeof listen === "string" ? parseAddress(listen) : null;
  const isMissing = at !== null && isEverywhere(at) && advertise === undefined;
  return [
    ...problem(at !== null, "listen", "expected host:port such as 10.0.0.5:9094", listen),
    ...problem(
      advertise === undefined || isReachable(advertise),
      "advertise",
      "expected host:port or a host",
      advertise,
    ),
    ...(isMissing ? [`advertise: expected where peers reach this node, because it listens on every interface`] : []),
  ];
}

function isReachable(advertise: unknown): boolean {
  if (typeof advertise !== "string") return false;
  const address = parseAddress(advertise);
  const host = address?.host ?? parseHost(advertise);
  return host !== null && address?.port !== 0 && !isEverywhere({ host, port: 0 });
}

function securityProblems(tls: unknown, plaintext: unknown): string[] {
  if (plaintext !== undefined && plaintext !== true) return [`plaintext: expected true, got ${describe(plaintext)}`];
  if (tls === undefined && plaintext === undefined) {
    return ["tls: expected { ca, cert, key }, so that only nodes are let in (or plaintext: true in a closed network)"];
  }
  return tls !== undefined && plaintext === true ? ["plaintext: expected tls or plaintext, got both"] : [];
}

function tlsProblems(tls: unknown): string[] {
  if (typeof tls !== "object" || tls === null) return [`tls: expected { ca, cert, key }, got ${describe(tls)}`];
  const { ca, cert, key, allowedNames, ...others } = tls as Record<string, unknown>;
  const problems = [
    ...Object.entries({ ca, cert, key }).flatMap(([name, value]) => pemProblems(name, value)),
    ...(allowedNames === undefined || isNames(allowedNames) ? [] : ["tls.allowedNames: expected 1 to 1,000 names"]),
    ...Object.keys(others).map((name) => `tls.${name}: there is no such option`),
  ];
  return problems.length > 0 ? problems : pairProblems(tls as GrpcTls);
}

/** It may be the key: what came is not repeated. */
function pemProblems(name: string, value: unknown): string[] {
  const isText = typeof value === "string" || value instanceof Uint8Array;
  const isPem = isText && Buffer.from(value as string).includes("-----BEGIN ");
  return isPem ? [] : [`tls.${name}: expected the text of a PEM file (-----BEGIN …)`];
}

function pairProblems({ ca, cert, key }: GrpcTls): string[] {
  try {
    createSecureContext({ ca: Buffer.from(ca), cert: Buffer.from(cert), key: Buffer.from(key) });
    return [];
  } catch (error) {
    const { code = "no reason given" } = Object(error) as { readonly code?: string };
    return [`tls: expected certificates that can be read and a key that belongs to cert (${code})`];
  }
}

function isNames(value: unknown): boolean {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= MAX_NAMES;
  return isList && value.every((name) => typeof name === "string" && name !== "");
}

function problem(isFine: boolean, path: string, rule: string, received: unknown): string[] {
  return isFine ? [] : [`${path}: ${rule}, got ${describe(received)}`];
}
