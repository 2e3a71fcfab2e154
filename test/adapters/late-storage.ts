import type { Storage } from "../../src/adapters/contracts/index.js";
import type { MemoryStorage } from "../../src/adapters/memory/memory-storage.js";
import type { SeededRandom } from "../../src/testing/fakes/random.js";
import { settle } from "../../src/testing/fakes/virtual-time.js";

/** The same storage, but every call begins and answers some turns later, as over a network; calls overtake each other. */
export function lateStorage(storage: MemoryStorage, random: SeededRandom): Storage {
  return {
    commitLimits: storage.commitLimits,
    messages: late(storage.messages, random),
    groups: late(storage.groups, random),
    users: late(storage.users, random),
    friends: late(storage.friends, random),
    blocks: late(storage.blocks, random),
    start: () => storage.start(),
    close: () => storage.close(),
    markRestored: () => storage.markRestored(),
  };
}

type Calls = Record<string, (...args: never[]) => Promise<unknown>>;

function late<T extends object>(part: T, random: SeededRandom): T {
  return new Proxy(part, {
    get:
      (target, name) =>
      async (...args: never[]) => {
        for (let turns = random.between(0, 2); turns > 0; turns--) await settle();
        const answer = await (target as Calls)[name as string]?.(...args);
        for (let turns = random.between(0, 2); turns > 0; turns--) await settle();
        return answer;
      },
  });
}
