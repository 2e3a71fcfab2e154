import { expect } from "vitest";
import type { Recipient } from "../../src/core/recipient.js";
import type { ImServer } from "../../src/index.js";
import { idsFor, readInboxes, reordered } from "./inboxes.js";
import { eventually, upTo } from "./stage.js";
import { type WatchedStore, watchedStore } from "./watched-store.js";
import { type StoragePlace, withStorage } from "./with-storage.js";
import { type Letter, Writer } from "./writer.js";

const EVERYBODY = ["ada", "bob", "cid", "dan"];
const GROUP = "crew";
const RECIPIENTS: readonly Recipient[] = [{ userId: "ada" }, { userId: "bob" }, { userId: "cid" }, { groupId: GROUP }];

/** A server behind one address, whose storage can be turned back to an earlier copy. */
export interface Restorable {
  readonly place: StoragePlace;
  /** Stays the same, whatever happens behind it. */
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Makes the copy, while the server runs. Gives the ids of the messages in it. */
  backUp(): Promise<ReadonlySet<string>>;
}

interface Device {
  readonly store: WatchedStore;
  readonly writer: Writer;
}

function deviceOf(userId: string, port: number, name = userId, store = watchedStore()): Device {
  return { store, writer: new Writer(userId, port, { store }, name) };
}

/** Ada with two devices, Bob and Cid, who write; Dan, who has seen the beginning and is away. */
export class Gathering {
  readonly server: Restorable;
  readonly #writing: readonly Device[];
  readonly #dan: Device;
  /** What the server itself has written. */
  readonly #notices: Letter[] = [];

  private constructor(server: Restorable) {
    const { port } = server;
    this.server = server;
    this.#dan = deviceOf("dan", port);
    this.#writing = [
      deviceOf("ada", port, "phone"),
      deviceOf("ada", port, "laptop"),
      deviceOf("bob", port),
      deviceOf("cid", port),
    ];
  }

  /** On a server that runs; everybody has written a little, and Dan has left. */
  static async on(server: Restorable): Promise<Gathering> {
    await withStorage(server.place, ({ groups }) =>
      groups.create({ id: GROUP, name: GROUP, ownerId: "ada", memberIds: EVERYBODY }),
    );
    await server.start();
    const gathering = new Gathering(server);
    const everybody = [...gathering.#writing, gathering.#dan];
    await Promise.all(everybody.map(({ writer }) => writer.client.connect()));
    await gathering.writeMany(5);
    await gathering.#allShown(everybody);
    await gathering.#dan.writer.client.close();
    return gathering;
  }

  /** How often each of the devices that write was sent back. */
  get setbacks(): number[] {
    return this.#writing.map(({ store }) => store.setbacks);
  }

  /** How often Dan was. */
  get setbacksOfDan(): number {
    return this.#dan.store.setbacks;
  }

  get #letters(): Letter[] {
    return [...this.#writing.flatMap(({ writer }) => writer.letters), ...this.#notices];
  }

  /** Each device writes `count` letters at once. */
  async writeMany(count: number): Promise<void> {
    await Promise.all(this.#writing.map(({ writer }) => writer.writeMany(count, RECIPIENTS)));
  }

  /** The server itself writes `count` messages to each user. */
  async notify(im: ImServer, count: number): Promise<void> {
    for (const userId of EVERYBODY) {
      for (const n of upTo(count)) {
        const text = `notice ${n}`;
        const { messageId } = await im.messages.send({ to: { userId }, text });
        this.#notices.push({ messageId, seq: 0, from: "", to: { userId }, text });
      }
    }
  }

  /** Everybody writes; a copy is made meanwhile; everybody writes on; the server stops. Resolves with what the copy lacks. */
  async writeBeyondCopy(): Promise<string[]> {
    let isCopied = false;
    const writes = this.#writing.map(({ writer }) => writer.keepWriting(4, RECIPIENTS, () => isCopied));
    const copied = await this.server.backUp();
    isCopied = true;
    await Promise.all(writes);
    await this.writeMany(40);
    await this.#allShown(this.#writing);
    await this.server.stop();
    const vanished = (letters: readonly Letter[]) =>
      letters.map(({ messageId }) => messageId).filter((messageId) => !copied.has(messageId));
    expect(this.#writing.map(({ writer }) => vanished(writer.letters).length > 0)).not.toContain(false);
    expect(vanished(this.#letters).length).toBeLessThan(this.#letters.length - 20);
    return vanished(this.#letters);
  }

  /** Everybody writes something new, and Dan comes back. Then all of it, once, is on every screen and in every inbox. */
  async endsWell(): Promise<void> {
    await this.writeMany(5);
    const { writer: dan, store } = this.#dan;
    const back = deviceOf(dan.userId, this.server.port, dan.userId, store);
    await back.writer.client.connect();
    await this.#allShown(this.#writing);
    const missing = idsFor(dan.userId, this.#letters, EVERYBODY).length - dan.shown.length;
    await eventually(() => back.writer.shown.length >= missing, "Dan has seen everything");
    await Promise.all([...this.#writing, back].map(({ writer }) => writer.client.close()));
    await this.server.stop();
    await this.#expectOneTruth([...dan.shown, ...back.writer.shown].map(({ seq, messageId }) => `${seq} ${messageId}`));
  }

  /** @param seenByDan in the order in which he has seen it */
  async #expectOneTruth(seenByDan: readonly string[]): Promise<void> {
    await withStorage(this.server.place, async (storage) => {
      const inboxes = await readInboxes(storage, EVERYBODY);
      const { heads } = await storage.messages.readHeads(EVERYBODY);
      for (const [userId, items] of inboxes) {
        const ids = items.map(({ message }) => message.messageId);
        expect(ids.sort()).toEqual(idsFor(userId, this.#letters, EVERYBODY));
        expect(heads.get(userId)).toBe(items.length);
      }
      for (const { writer } of this.#writing) {
        expect(writer.shownIds).toEqual(idsFor(writer.userId, this.#letters, EVERYBODY));
        expect(reordered(writer.name, inboxes.get(writer.userId) ?? [])).toEqual([]);
      }
      expect(seenByDan).toEqual(inboxes.get("dan")?.map(({ seq, message }) => `${seq} ${message.messageId}`));
    });
  }

  /** Resolves when each device has shown as many messages as its user should have. */
  async #allShown(devices: readonly Device[]): Promise<void> {
    const hasAll = ({ writer: { userId, shown } }: Device) =>
      shown.length >= idsFor(userId, this.#letters, EVERYBODY).length;
    await eventually(() => devices.every(hasAll), "everybody has seen everything");
  }
}
