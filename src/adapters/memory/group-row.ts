import type { UserId } from "../../core/model.js";
import type { Group, GroupRole, Membership } from "../contracts/index.js";

/** One group and all stays in it: those that last by user, so that a commit finds its audience at once. */
export class GroupRow {
  #group: Group;
  readonly #current: Map<UserId, Membership>;
  readonly #ended: Membership[];

  constructor(group: Group, current: Iterable<readonly [UserId, Membership]> = [], ended: readonly Membership[] = []) {
    this.#group = group;
    this.#current = new Map(current);
    this.#ended = [...ended];
  }

  /** The group as it is now. */
  get group(): Group {
    return this.#group;
  }

  /** Is `userId` in now? */
  has(userId: UserId): boolean {
    return this.#current.has(userId);
  }

  /** Who is in now. */
  members(): UserId[] {
    return [...this.#current.keys()];
  }

  /** Who is in now, with their roles. */
  roles(): Map<UserId, GroupRole> {
    return new Map([...this.#current].map(([userId, { role }]) => [userId, role]));
  }

  /** Takes another name or owner. */
  become(group: Group): void {
    this.#group = group;
  }

  /** Gives another role to somebody who is in. */
  promote(userId: UserId, role: GroupRole): void {
    const stay = this.#current.get(userId);
    if (stay !== undefined) this.#current.set(userId, { ...stay, role });
  }

  /** Begins a stay; who is in already stays as they are. */
  enter(userId: UserId, role: GroupRole, joinedSeq: number): void {
    if (this.#current.has(userId)) return;
    this.#current.set(userId, { userId, role, joinedSeq, leftSeq: null });
  }

  /** Ends the stay of somebody who is in. */
  leave(userId: UserId, leftSeq: number): void {
    const stay = this.#current.get(userId);
    if (stay === undefined) return;
    this.#current.delete(userId);
    this.#ended.push({ ...stay, leftSeq });
  }

  /** The stays of one user, in their order. */
  staysOf(userId: UserId): Membership[] {
    const current = this.#current.get(userId);
    const ended = this.#ended.filter((stay) => stay.userId === userId);
    return current === undefined ? ended : [...ended, current];
  }

  /** Every stay by user id and begin. Ended ones stand in the order they ended, so the sort keeps that order at equal begins. */
  stays(): Membership[] {
    return [...this.#ended, ...this.#current.values()].sort(byUserAndBegin);
  }

  /** An independent row with the same content. */
  copy(): GroupRow {
    return new GroupRow(this.#group, this.#current, this.#ended);
  }
}

function byUserAndBegin(a: Membership, b: Membership): number {
  if (a.userId !== b.userId) return a.userId < b.userId ? -1 : 1;
  return a.joinedSeq - b.joinedSeq;
}
