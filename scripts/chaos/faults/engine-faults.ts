import type { EngineName } from "../site/site-engines.js";
import type { Fault } from "./fault.js";

/** `kill -9`; at the end it is started on what its disk has, which for Redis is nothing. */
export function serversDie(name: EngineName, lastsMs: Fault["lastsMs"], isTrouble: boolean): Fault {
  return {
    kind: `${name}: kill -9, restarted`,
    harms: name,
    lastsMs,
    mayBeTrouble: isTrouble,
    begin: async ({ engines }) => {
      await engines[name].kill();
      return { text: `${name} killed`, isTrouble, end: () => engines[name].heal() };
    },
  };
}

/** SIGSTOP: its connections stay open and nothing answers. */
export function pauses(name: EngineName, lastsMs: Fault["lastsMs"], isTrouble: boolean): Fault {
  return {
    kind: `${name}: paused`,
    harms: name,
    lastsMs,
    mayBeTrouble: isTrouble,
    begin: async ({ engines }) => {
      await engines[name].pause();
      return { text: `${name} paused`, isTrouble, end: () => engines[name].heal() };
    },
  };
}
