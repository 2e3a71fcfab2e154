import type { Storage, Uplink } from "../../../../src/adapters/contracts/index.js";
import type { UserId } from "../../../../src/core/model.js";
import { UplinkMaker } from "../../../../src/testing/conformance/storage/uplink-maker.js";
import { SeededRandom } from "../../../../src/testing/fakes/random.js";

/** Few and hot, so that every commit meets another one in some inbox. */
export const USERS: readonly UserId[] = ["u1", "u2", "u3", "u4"];
/** All of them. */
const GROUP = "crew";

/** What people who write to one another and to their group bring to a storage. Each batch is made once. */
export class Crowd {
  readonly random: SeededRandom;
  readonly #maker = new UplinkMaker();
  readonly #maxBatch: number;

  constructor(seed: number, maxBatch = 4) {
    this.random = new SeededRandom(seed);
    this.#maxBatch = maxBatch;
  }

  /** Makes their group. */
  async found(storage: Storage): Promise<void> {
    await storage.groups.create({ id: GROUP, name: GROUP, ownerId: "u1", memberIds: USERS });
  }

  /** 1 to `maxBatch` messages nobody has seen. */
  batch(size = this.random.between(1, this.#maxBatch)): Uplink[] {
    return Array.from({ length: size }, () => this.uplink());
  }

  /** A message nobody has seen. */
  uplink(): Uplink {
    const { random } = this;
    const senderId = random.pick(USERS);
    return random.chance(0.3) ? this.toAll() : this.#maker.make({ senderId, to: random.pick(USERS) });
  }

  /** A message to the group nobody has seen. */
  toAll(): Uplink {
    return this.#maker.make({ senderId: this.random.pick(USERS), target: { kind: "group", id: GROUP } });
  }
}

/** In whose inboxes a message of the crowd belongs. */
export function audienceOf({ senderId, target }: Uplink): readonly UserId[] {
  return target.kind === "group" ? USERS : [...new Set([senderId ?? target.id, target.id])];
}
