import { randomBytes } from "node:crypto";
import { Etcd3 } from "etcd3";
import { etcdDiscovery } from "../../../src/adapters/etcd/index.js";
import type { DiscoveryFixture } from "../../../src/testing/conformance/discovery.js";
import { CuttableLine } from "../cuttable-line.js";

/** A registry of its own on an etcd that others use, too: its keys begin with a prefix of its own. */
export async function etcdFixture(url: string): Promise<DiscoveryFixture> {
  const prefix = `test-${randomBytes(6).toString("hex")}/`;
  const client = new Etcd3({ hosts: url });
  const lines: CuttableLine[] = [];
  const keys = () => client.getAll().prefix(prefix);
  return {
    join: async () => {
      const line = await CuttableLine.to(url);
      lines.push(line);
      const adapter = etcdDiscovery({ hosts: [`127.0.0.1:${line.port}`], prefix });
      return { adapter, cut: () => line.cut(), heal: () => line.heal() };
    },
    expire: async ({ epoch }) => {
      const own = (await keys().exec()).kvs.find(({ value }) => value.includes(epoch));
      if (own !== undefined) await client.leaseClient.leaseRevoke({ ID: own.lease });
    },
    flush: async () => {
      await client.delete().prefix(prefix);
    },
    compact: async () => {
      const { header } = await keys().exec();
      await client.kv.compact({ revision: header.revision, physical: true });
    },
    dispose: async () => {
      await client.delete().prefix(prefix);
      client.close();
      await Promise.all(lines.map((line) => line.close()));
    },
  };
}
