import type { UserId } from "../../core/model.js";
import type { Group, GroupRole, Membership } from "../contracts/index.js";

/** One group and all stays in it: those that last by user, so that a commit finds its audience at once. */
export class GroupRow {
  readonly group: Group;
  readonly #current: Map<UserId, Membership>;
  readonly #ended: Membership[];

  constructor(group: Group, current: Iterable<readonly [UserId, Membership]> = [], ended: readonly Membership[] = []) {
    this.group = group;
    this.#current = new Map(current);
    this.#ended = [...ended];
  }

  /** How many are in now. */
  get size(): number {
    return this.#current.size;
  }

  /** Is `userId` in now? */
  has(userId: UserId): boolean {
    return this.#current.has(userId);
  }

  /** Who is in now. */
  members(): UserId[] {
    return [...this.#current.keys()];
  }

  /** Begins a stay; who is in already stays as they are. */
  enter(userId: UserId, role: GroupRole, joinedSeq: number): void {
    if (this.#current.has(userId)) return;
    this.#current.set(userId, { userId, role, joinedSeq, leftSeq: null });
  }

  /** Ends a stay; false when there was none. */
  leave(userId: UserId, leftSeq: number): boolean {
    const stay = this.#current.get(userId);
    if (stay === undefined) return false;
    this.#current.delete(userId);
    this.#ended.push({ ...stay, leftSeq });
    return true;
  }

  /** Every stay by user id and begin. Ended ones stand in the order they ended, so the sort keeps that order at equal begins. */
  stays(): Membership[] {
    return [...this.#ended, ...this.#current.values()].sort(byUserAndBegin);
  }

  /** An independent row with the same content. */
  copy(): GroupRow {
    return new GroupRow(this.group, this.#current, this.#ended);
  }
}

function byUserAndBegin(a: Membership, b: Membership): number {
  if (a.userId !== b.userId) return a.userId < b.userId ? -1 : 1;
  return a.joinedSeq - b.joinedSeq;
}
