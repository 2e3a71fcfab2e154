import { compactEtcd } from "../site/ask-etcd.js";
import { insist } from "../site/insist.js";
import { pauses, serversDie } from "./engine-faults.js";
import type { Fault } from "./fault.js";
import { cutOff } from "./line-faults.js";

/** What happens to the registry. Nodes keep serving with what they know. */
export const etcdFaults: readonly Fault[] = [
  serversDie("etcd", [0, 12_000], false),
  pauses("etcd", [1_000, 15_000], false),
  cutOff("etcd: one node cut off", "etcd", [2_000, 15_000], false),
  {
    kind: "etcd: compacted while all were cut off",
    harms: "etcd",
    lastsMs: [1_000, 15_000],
    mayBeTrouble: false,
    begin: async ({ lines, engines }) => {
      const cut = lines.all("etcd");
      for (const line of cut) line.cut();
      await insist(() => compactEtcd(engines.etcd.url));
      const end = async (): Promise<void> => {
        for (const line of cut) line.heal();
      };
      return { text: "etcd compacted, all cut off", isTrouble: false, end };
    },
  },
];
