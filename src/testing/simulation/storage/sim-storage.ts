import type {
  BlockStore,
  CommitResult,
  Delivery,
  FriendStore,
  GroupCommit,
  GroupStore,
  MessageStore,
  Outcome,
  Storage,
  Uplink,
  UserStore,
} from "../../../adapters/contracts/index.js";
import type { MemoryStorage } from "../../../adapters/memory/memory-storage.js";
import { ImError } from "../../../core/errors.js";
import type { SyncEpoch } from "../../../core/model.js";
import type { SeededRandom } from "../../fakes/random.js";
import type { VirtualRuntime, VirtualTime } from "../../fakes/virtual-time.js";
import type { NodeNumber } from "../history.js";
import type { Probe, ProbeCounts } from "../probes.js";
import type { StorageSite } from "./storage-site.js";
import { drawFate } from "./storage-weather.js";

/** A commit that was given up lands up to so much later. */
const GHOST_MS = 3_000;
/** Far above any seq there is: a hint with it can only be believed or looked up. */
const LIE = 1_000;

/** Who watches what a process asks. */
export interface StorageObserver {
  onCommit(batch: readonly Uplink[]): void;
  /** A batch has reached the storage. */
  onLanded(): void;
  /** The process heard what the storage decided. */
  onDecided(uplink: Uplink, outcome: Outcome): void;
  onHeadsRead(): void;
}

/** What a way to the storage needs. */
export interface StorageSurroundings {
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly probes: ProbeCounts;
  /** The machine's number. */
  readonly node: NodeNumber;
  /** One of several nodes, which is watched; `null` for one server alone. */
  readonly observer: StorageObserver | null;
}

/**
 * One server process's way to the storage: late, unreliable, and deaf once the process is dead. What was under way when
 * it died lands all the same.
 */
export class SimStorage implements Storage {
  readonly commitLimits;
  readonly isShared: boolean;
  readonly messages: MessageStore;
  readonly groups: GroupStore;
  readonly users: UserStore;
  readonly friends: FriendStore;
  readonly blocks: BlockStore;
  readonly #site: StorageSite;
  readonly #storage: MemoryStorage;
  readonly #runtime: VirtualRuntime;
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;
  readonly #probes: ProbeCounts;
  readonly #node: NodeNumber;
  readonly #observer: StorageObserver | null;
  #isOpen = false;

  constructor(site: StorageSite, runtime: VirtualRuntime, around: StorageSurroundings) {
    this.#site = site;
    this.#storage = site.current;
    this.commitLimits = site.current.commitLimits;
    this.#runtime = runtime;
    this.#time = around.time;
    this.#random = around.random;
    this.#probes = around.probes;
    this.#node = around.node;
    this.#observer = around.observer;
    this.isShared = around.observer !== null;
    const { messages, groups, users, friends, blocks } = site.current;
    this.messages = {
      commit: (batch) => this.#commit(batch),
      readInbox: (userId, after, limit) => this.#call(() => messages.readInbox(userId, after, limit)),
      readHeads: (userIds) => {
        this.#observer?.onHeadsRead();
        return this.#call(() => messages.readHeads(userIds));
      },
      readConversation: (viewerId, target, before, limit) =>
        this.#call(() => messages.readConversation(viewerId, target, before, limit)),
    };
    this.groups = this.#wayToGroups(groups);
    this.users = this.#wayToUsers(users);
    this.friends = this.#wayToFriends(friends);
    this.blocks = this.#wayToBlocks(blocks);
  }

  async start(): Promise<void> {
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  markRestored(): Promise<SyncEpoch> {
    return this.#storage.markRestored();
  }

  #wayToGroups(groups: GroupStore): GroupStore {
    return {
      create: (group) => this.#changeGroup(() => groups.create(group)),
      find: (groupId) => this.#call(() => groups.find(groupId)),
      change: (groupId, newcomers, decide) => this.#changeGroup(() => groups.change(groupId, newcomers, decide)),
      memberships: (groupId) => this.#call(() => groups.memberships(groupId)),
      groupsOf: (userId) => this.#call(() => groups.groupsOf(userId)),
    };
  }

  #wayToUsers(users: UserStore): UserStore {
    return {
      create: (user) => this.#call(() => users.create(user)),
      find: (userId) => this.#call(() => users.find(userId)),
      findByPhoneNumber: (phoneNumber) => this.#call(() => users.findByPhoneNumber(phoneNumber)),
      findMany: (userIds) => this.#call(() => users.findMany(userIds)),
      update: (userId, changes, expected) => this.#call(() => users.update(userId, changes, expected)),
    };
  }

  #wayToFriends(friends: FriendStore): FriendStore {
    return {
      add: (userId, friendId, maxFriends) => this.#call(() => friends.add(userId, friendId, maxFriends)),
      remove: (userId, friendId) => this.#call(() => friends.remove(userId, friendId)),
      list: (userId) => this.#call(() => friends.list(userId)),
    };
  }

  #wayToBlocks(blocks: BlockStore): BlockStore {
    return {
      add: (userId, blockedId, maxBlocked) => this.#call(() => blocks.add(userId, blockedId, maxBlocked)),
      remove: (userId, blockedId) => this.#call(() => blocks.remove(userId, blockedId)),
      list: (userId) => this.#call(() => blocks.list(userId)),
      whoHasBlocked: (blockedId, userIds) => this.#call(() => blocks.whoHasBlocked(blockedId, userIds)),
    };
  }

  async #changeGroup<T extends GroupCommit | null>(change: () => Promise<T>): Promise<T> {
    const commit = await this.#call(() => this.#site.changeGroup(this.#storage, change));
    return commit?.committed ? { ...commit, committed: this.#told(commit.committed) } : commit;
  }

  async #commit(batch: readonly Uplink[]): Promise<CommitResult> {
    this.#assertOpen();
    this.#observer?.onCommit(batch);
    const fate = drawFate(this.#site.weather, this.#random);
    const asked = [...batch];
    if (fate === "before") {
      this.#probes.hit("commit_failed_before");
      return this.#fail();
    }
    if (fate === "at") {
      this.#probes.hit("commit_landed_late");
      this.#time.after(this.#random.between(0, GHOST_MS), () => this.#haunt(asked));
      return this.#fail();
    }
    const result = await this.#underWay(() => {
      this.#observer?.onLanded();
      return this.#site.commit(this.#storage, asked);
    });
    await this.#way();
    if (fate === "after") {
      this.#probes.hit("commit_reported_failed");
      throw unavailable();
    }
    result.outcomes.forEach((outcome, place) => {
      this.#observer?.onDecided(asked[place] as Uplink, outcome);
    });
    return this.#told(result);
  }

  #told(result: CommitResult): CommitResult {
    return { ...result, outcomes: result.outcomes.map((outcome) => this.#spread(outcome)) };
  }

  /** A commit that everybody has given up lands all the same. */
  #haunt(batch: readonly Uplink[]): void {
    this.#site.commit(this.#storage, batch).catch(() => undefined);
  }

  async #call<T>(read: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    const { isAway, readFailure } = this.#site.weather;
    if (isAway || this.#random.chance(readFailure / 2)) {
      this.#probes.hit("read_failed");
      return this.#fail();
    }
    const result = await this.#underWay(read);
    await this.#way();
    if (this.#random.chance(readFailure / 2)) throw unavailable();
    return result;
  }

  /** What was asked for happens, also if nobody is left to hear about it. */
  #underWay<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#time.after(this.#drawMs(), () => void ask().then(resolve, reject));
    });
  }

  /** Back to the process; never ends when it is dead. */
  #way(): Promise<void> {
    return new Promise((resolve) => this.#runtime.setTimer(this.#drawMs(), resolve));
  }

  async #fail(): Promise<never> {
    await this.#way();
    throw unavailable();
  }

  #drawMs(): number {
    return this.#random.between(0, this.#site.weather.latencyMs);
  }

  #assertOpen(): void {
    if (!this.#isOpen) throw unavailable();
  }

  /** What the router hears may be less, or more, than what happened. What the sender hears is the truth. */
  #spread(outcome: Outcome): Outcome {
    if (outcome.kind !== "stored") return outcome;
    if (outcome.fresh === null) {
      this.#probes.hit("acknowledged_again");
      return outcome;
    }
    const deliveries = outcome.fresh.deliveries.flatMap((delivery) => this.#distort(delivery));
    for (const { userId, seq } of deliveries) this.#site.hinted(userId, seq, this.#node);
    return { ...outcome, fresh: { message: outcome.fresh.message, deliveries } };
  }

  #distort(delivery: Delivery): Delivery[] {
    const { lostHints, lyingHints, repeatedHints } = this.#site.weather;
    if (this.#hits(lostHints, "hint_lost")) return [];
    if (this.#hits(lyingHints, "hint_lied")) return [{ userId: delivery.userId, seq: delivery.seq + LIE }];
    return this.#hits(repeatedHints, "hint_repeated") ? [delivery, delivery] : [delivery];
  }

  #hits(probability: number, probe: Probe): boolean {
    const isHit = this.#random.chance(probability);
    if (isHit) this.#probes.hit(probe);
    return isHit;
  }
}

function unavailable(): ImError {
  return new ImError("unavailable", { message: "the simulated storage does not answer" });
}
