import type { Uplink } from "../../src/adapters/contracts/index.js";
import type { KnexStorage } from "../../src/adapters/knex/index.js";
import { UplinkMaker } from "../../src/testing/conformance/storage/uplink-maker.js";
import { SeededRandom } from "../../src/testing/fakes/random.js";

const USERS = 1_000;
/** How many people each user writes to. */
const CONTACTS = 20;
const GROUP_MEMBERS = 500;
/** Of a message. */
export const CONTENT_BYTES = 200;

/** Who writes to whom: the same on every database. */
export class StorageTraffic {
  readonly #random = new SeededRandom(1);
  readonly #uplinks = new UplinkMaker();
  /** Made before, so that the storage is measured and not the making of random bytes. */
  readonly #contents = Array.from({ length: 256 }, () => this.#random.bytes(CONTENT_BYTES));

  /** One message from everybody to each of their contacts. */
  firstMessages(): Uplink[] {
    return Array.from({ length: USERS * CONTACTS }, (_, index) =>
      this.#single(Math.floor(index / CONTACTS), 1 + (index % CONTACTS)),
    );
  }

  /** From anybody to one of their contacts: both get it. */
  single(): Uplink {
    return this.#single(this.#random.between(0, USERS - 1), this.#random.between(1, CONTACTS));
  }

  /** From anybody in the group to all of it. */
  toGroup(id: string): Uplink {
    const senderId = memberId(this.#random.between(0, GROUP_MEMBERS - 1));
    return this.#uplinks.make({ senderId, target: { kind: "group", id }, content: this.#content() });
  }

  #single(sender: number, contact: number): Uplink {
    return this.#uplinks.make({ senderId: userId(sender), to: userId(sender + contact), content: this.#content() });
  }

  #content(): Uint8Array {
    return this.#random.pick(this.#contents);
  }
}

/** A group of 500; gives its id. */
export async function createGroup(storage: KnexStorage): Promise<string> {
  const memberIds = Array.from({ length: GROUP_MEMBERS }, (_, index) => memberId(index));
  const { group } = await storage.groups.create({ name: "all", ownerId: memberId(0), memberIds });
  return group.id;
}

const userId = (number: number): string => `user-${number % USERS}`;
const memberId = (number: number): string => `member-${number}`;
