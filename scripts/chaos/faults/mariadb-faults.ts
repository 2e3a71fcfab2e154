import { DeadlockStorm } from "../site/deadlock-storm.js";
import { insist } from "../site/insist.js";
import { askDatabase } from "../site/site-database.js";
import { pauses, serversDie } from "./engine-faults.js";
import type { Fault } from "./fault.js";
import { cutOff, slow } from "./line-faults.js";

/** What happens to the database. Nothing is acknowledged meanwhile. */
export const mariadbFaults: readonly Fault[] = [
  serversDie("mariadb", [0, 10_000], true),
  pauses("mariadb", [1_000, 10_000], true),
  {
    kind: "mariadb: read-only",
    harms: "mariadb",
    lastsMs: [1_000, 10_000],
    mayBeTrouble: true,
    begin: async ({ storageUrl }) => {
      const setReadOnly = (to: 0 | 1) => insist(() => askDatabase(storageUrl, [`SET GLOBAL read_only = ${to}`]));
      await setReadOnly(1);
      const end = async (): Promise<void> => void (await setReadOnly(0));
      return { text: "mariadb read-only", isTrouble: true, end };
    },
  },
  {
    kind: "mariadb: deadlocks",
    harms: "mariadb",
    lastsMs: [2_000, 10_000],
    mayBeTrouble: true,
    begin: async ({ storageUrl }, random) => {
      const storm = await insist(() => DeadlockStorm.begin(storageUrl, random));
      return { text: "mariadb full of deadlocks", isTrouble: true, end: () => storm.end() };
    },
  },
  cutOff("mariadb: one node cut off", "mariadb", [1_000, 10_000], true),
  slow("mariadb", { latencyMs: 50, jitterMs: 50 }, true),
];
