/** `shyim/adapters/etcd`: which nodes there are, by etcd. Everything public is listed here by hand. */

export { EtcdDiscovery, etcdDiscovery } from "./etcd-discovery.js";
export type { EtcdDiscoveryOptions, EtcdTls } from "./options.js";
