import type { NewUser, Notice, Outcome, PendingSends, Storage, Uplink } from "../../../adapters/contracts/index.js";
import type { Seq, UserId } from "../../../core/model.js";
import { SeededRandom } from "../../fakes/random.js";
import { assertThat, present } from "../assert.js";
import { commitAll } from "./commit-all.js";
import { UplinkMaker, type UplinkParts } from "./uplink-maker.js";

/** An application whose own rows are in the storage's database. */
export interface ApplicationUnderTest {
  /** Runs `work` in a transaction of the application's own; rolled back when it throws. */
  transaction<T>(work: (transaction: unknown) => Promise<T>): Promise<T>;
  /** Writes a row of the application within such a transaction. */
  addRow(transaction: unknown, name: string): Promise<void>;
  /** The names of all its rows that were committed, ascending. */
  rows(): Promise<readonly string[]>;
}

/** One storage and the data behind it, made for one case. */
export interface StorageUnderTest {
  /** An empty storage. The suite starts and closes it. */
  readonly storage: Storage;
  /** Takes away what was made, the data included. Called last, after every handle was closed. */
  dispose(): Promise<void>;
  /**
   * One more handle on the same data, as another process would have; started and closed by the suite. Absent: the
   * racing cases use one object for all, and a restart is a close and a start of the same object.
   */
  another?(): Promise<Storage>;
  /** An application on the same database, closed by `dispose`; needed by `pendingSendsConformance` alone. */
  application?(): Promise<ApplicationUnderTest>;
}

/** Makes an empty storage for each case. */
export type StorageFactory = () => Promise<StorageUnderTest>;

/** How hard the racing cases try. */
export interface StorageEffort {
  /** Seed of every random choice. */
  readonly seed: number;
  /** Committers at work side by side. */
  readonly committers: number;
  /** Readers at work side by side. */
  readonly readers: number;
  /** Batches each committer brings. */
  readonly rounds: number;
  /** Pages each reader reads at least. */
  readonly polls: number;
  /** How often two committers bring the same key at the same time. */
  readonly sameKeyRounds: number;
}

/** The lowest type of what the system says. */
const NOTICE_TYPE = 100;

/** The range Ofcom keeps free of subscribers: nobody is called here. */
const FIRST_PHONE_NUMBER = 441_632_960_000;

/** A started storage with everything a case needs around it. */
export class StorageBench {
  readonly effort: StorageEffort;
  readonly random: SeededRandom;
  readonly #underTest: StorageUnderTest;
  readonly #uplinks = new UplinkMaker();
  readonly #handles: Storage[];
  #userCount = 0;

  private constructor(underTest: StorageUnderTest, effort: StorageEffort) {
    this.effort = effort;
    this.random = new SeededRandom(effort.seed);
    this.#underTest = underTest;
    this.#handles = [underTest.storage];
  }

  /** Runs `body` on a storage made before, started or not, and takes it away afterwards. */
  static async use(
    create: StorageFactory,
    effort: StorageEffort,
    begin: "started" | "new",
    body: (bench: StorageBench) => Promise<void>,
  ): Promise<void> {
    const bench = new StorageBench(await create(), effort);
    try {
      if (begin === "started") await bench.storage.start();
      await body(bench);
    } finally {
      await bench.#dispose();
    }
  }

  /** The first handle. */
  get storage(): Storage {
    return this.#handles[0] as Storage;
  }

  /** A further handle on the same data, or the only one. */
  async another(): Promise<Storage> {
    const handle = await this.#underTest.another?.();
    if (handle === undefined) return this.storage;
    this.#handles.push(handle);
    await handle.start();
    return handle;
  }

  /** `count` handles for as many workers, two of them different ones if the storage can have several. */
  async workers(count: number): Promise<Storage[]> {
    const second = await this.another();
    return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? this.storage : second));
  }

  /** A handle on the same data after everything was closed, as after a restart. */
  async restart(): Promise<Storage> {
    for (const handle of this.#handles) await handle.close();
    if (this.#underTest.another !== undefined) return await this.another();
    await this.storage.start();
    return this.storage;
  }

  /** Checks something with the first handle, with another one, and after a restart. */
  async everywhere(check: (storage: Storage) => Promise<void>): Promise<void> {
    await check(this.storage);
    await check(await this.another());
    await check(await this.restart());
  }

  /** The pending sends of the first handle, or of `storage`. */
  pendingSends(storage: Storage = this.storage): PendingSends {
    return present(storage.pendingSends, "pendingSends of the storage");
  }

  /** An application on the same database. */
  async application(): Promise<ApplicationUnderTest> {
    return present(await this.#underTest.application?.(), "an application for a storage with pendingSends");
  }

  /** An uplink nobody has seen: ann to bob unless `parts` say otherwise. */
  uplink(parts: UplinkParts = {}): Uplink {
    return this.#uplinks.make(parts);
  }

  /** Brings uplinks until each is answered. */
  commit(...uplinks: readonly Uplink[]): Promise<Outcome[]> {
    return commitAll(this.storage, uplinks);
  }

  /** Brings one uplink. */
  async commitOne(parts: UplinkParts = {}): Promise<Outcome> {
    const [outcome] = await this.commit(this.uplink(parts));
    assertThat(outcome !== undefined, "an uplink has an outcome");
    return outcome;
  }

  /** A group with ann as its owner. */
  async group(memberIds: readonly UserId[], id?: string): Promise<{ readonly kind: "group"; readonly id: string }> {
    const named = id === undefined ? {} : { id };
    const { group } = await this.storage.groups.create({ ...named, name: "group", ownerId: "ann", memberIds });
    return { kind: "group", id: group.id };
  }

  /** A notice nobody has seen. */
  notice(parts: Partial<Notice> = {}): Notice {
    const { messageId, content, serverTime } = this.uplink();
    return { messageId, type: NOTICE_TYPE, content, serverTime, ...parts };
  }

  /** A user to create: with a phone number of their own and without an id unless `parts` say otherwise. */
  newUser(parts: Partial<NewUser> = {}): NewUser {
    const phoneNumber = `+${FIRST_PHONE_NUMBER + this.#userCount++}`;
    return { phoneNumber, nickname: "nick", passwordHash: "hash", ...parts };
  }

  /** The head of an inbox; 0 for one that does not exist. */
  async head(userId: UserId): Promise<Seq> {
    return (await this.storage.messages.readHeads([userId])).heads.get(userId) ?? 0;
  }

  async #dispose(): Promise<void> {
    for (const handle of this.#handles) await handle.close();
    await this.#underTest.dispose();
  }
}
