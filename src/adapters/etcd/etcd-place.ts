import type { IOptions } from "etcd3";
import type { EtcdDiscoveryOptions, EtcdTls } from "./options.js";

/** One server of etcd and how to be let in, as the package wants to know it. */
export interface EtcdPlace {
  readonly prefix: string;
  /** For people. */
  readonly text: string;
  readonly options: IOptions;
}

const DEFAULT_PREFIX = "shyim/";

/** What valid options mean, server by server. */
export function placesOf(options: EtcdDiscoveryOptions): readonly [EtcdPlace, ...EtcdPlace[]] {
  const [first, ...others] = options.hosts.map((host) => placeOf(host, options));
  return [first as EtcdPlace, ...others];
}

function placeOf(host: string, { prefix = DEFAULT_PREFIX, auth, tls }: EtcdDiscoveryOptions): EtcdPlace {
  const address = host.replace(/^https?:\/\//, "").replace(/\/$/, "");
  const isSecure = host.startsWith("https:") || (tls !== undefined && tls !== false);
  const hosts = [isSecure ? `https://${address}` : address];
  const credentials = isSecure && typeof tls === "object" ? { credentials: credentialsOf(tls) } : {};
  return {
    prefix,
    text: `etcd at ${address}`,
    options: { hosts, ...(auth !== undefined && { auth }), ...credentials },
  };
}

function credentialsOf({ ca, cert, key }: EtcdTls): NonNullable<IOptions["credentials"]> {
  return {
    // Without an authority of one's own it takes those that Node knows; the package's types do not know that.
    rootCertificate: (ca === undefined ? null : Buffer.from(ca)) as Buffer,
    ...(cert !== undefined && { certChain: Buffer.from(cert) }),
    ...(key !== undefined && { privateKey: Buffer.from(key) }),
  };
}
