import type { Storage } from "../../../adapters/contracts/index.js";

/** A place where a storage keeps a text of people, one under each id. */
export interface TextField {
  /** Makes what the text belongs to, where the text is changed later. */
  prepare?(storage: Storage, id: string): Promise<unknown>;
  /** Stores the text. A second call under the same id fails, unless there is a `prepare`. */
  write(storage: Storage, id: string, text: string): Promise<unknown>;
  /** What is stored; `null` when nothing is. */
  read(storage: Storage, id: string): Promise<string | null>;
}

const nickname: TextField = {
  write: ({ users }, id, text) => users.create({ ...userOf(id), nickname: text }),
  read: async ({ users }, id) => (await users.find(id))?.nickname ?? null,
};

const passwordHash: TextField = {
  write: ({ users }, id, text) => users.create({ ...userOf(id), passwordHash: text }),
  read: async ({ users }, id) => (await users.find(id))?.passwordHash ?? null,
};

const prepare: NonNullable<TextField["prepare"]> = ({ users }, id) => users.create(userOf(id));

/** Every text in the contract, by a name for it in a sentence. */
export const TEXT_FIELDS: Readonly<Record<string, TextField>> = {
  "a group's name": {
    write: ({ groups }, id, name) => groups.create({ id, name, ownerId: "ann", memberIds: [] }),
    read: async ({ groups }, id) => (await groups.find(id))?.name ?? null,
  },
  "a changed name of a group": {
    prepare: ({ groups }, id) => groups.create({ id, name: "group", ownerId: "ann", memberIds: [] }),
    write: ({ groups }, id, name) => groups.change(id, [], () => ({ name, notice: null })),
    read: async ({ groups }, id) => (await groups.find(id))?.name ?? null,
  },
  "a phone number": {
    write: ({ users }, id, text) => users.create({ ...userOf(id), phoneNumber: text }),
    read: async ({ users }, id) => (await users.find(id))?.phoneNumber ?? null,
  },
  "a nickname": nickname,
  "a password hash": passwordHash,
  "a changed nickname": { ...nickname, prepare, write: ({ users }, id, text) => users.update(id, { nickname: text }) },
  "a changed password hash": {
    ...passwordHash,
    prepare,
    write: ({ users }, id, text) => users.update(id, { passwordHash: text }),
  },
};

function userOf(id: string) {
  return { id, phoneNumber: `number of ${id}`, nickname: "nick", passwordHash: "hash" };
}
