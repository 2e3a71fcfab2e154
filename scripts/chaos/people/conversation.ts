import type { Target } from "../../../src/core/model.js";
import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import type { Cast, CastGroup } from "./cast.js";
import type { Seat } from "./seat.js";

/** How often a message goes to a group. */
const TO_GROUPS = 0.3;
/** How often somebody writes to a group they are not in, or no more. */
const TO_STRANGERS = 0.02;
/** Whoever has so many without an outcome waits with the next. */
const MAX_WAITING = 20;
const WORDS = [
  "so",
  "well",
  "yes",
  "no",
  "maybe",
  "tomorrow",
  "never",
  "certainly",
  "come",
  "please",
  "löwe",
  "愛",
  "🙂",
];
const MAX_WORDS = 25;

/** Decides who writes what to whom. */
export class Conversation {
  readonly #cast: Cast;
  readonly #seats: readonly Seat[];
  readonly #random: SeededRandom;
  readonly #isMember: (groupId: string, userId: string) => boolean;

  /** @param isMember as far as anybody knows */
  constructor(
    cast: Cast,
    { seats, random }: { readonly seats: readonly Seat[]; readonly random: SeededRandom },
    isMember: (groupId: string, userId: string) => boolean,
  ) {
    this.#cast = cast;
    this.#seats = seats;
    this.#random = random;
    this.#isMember = isMember;
  }

  /** Somebody writes something, unless whoever was chosen waits for too many answers. */
  next(): void {
    const seat = this.#random.pick(this.#seats);
    if (seat.waiting >= MAX_WAITING) return;
    seat.send(this.#target(seat), this.#words());
  }

  #target(seat: Seat): Target {
    const group = this.#random.chance(TO_GROUPS) ? this.#group(seat) : undefined;
    return group === undefined ? { kind: "single", id: this.#other(seat) } : { kind: "group", id: group.id };
  }

  /** The larger, the more rarely. A refusal is told to those only who speak the whole protocol. */
  #group({ userId, isLegacy }: Seat): CastGroup | undefined {
    const { groups } = this.#cast;
    if (!isLegacy && this.#random.chance(TO_STRANGERS)) return this.#random.pick(groups);
    const own = groups.filter(({ id }) => this.#isMember(id, userId));
    let left = this.#random.unit() * own.reduce((sum, group) => sum + weightOf(group), 0);
    return own.find((group) => {
      left -= weightOf(group);
      return left <= 0;
    });
  }

  #other({ userId }: Seat): string {
    const other = this.#random.pick(this.#cast.userIds);
    return other === userId ? this.#cast.ownerId : other;
  }

  #words(): string {
    return Array.from({ length: this.#random.between(1, MAX_WORDS) }, () => this.#random.pick(WORDS)).join(" ");
  }
}

const weightOf = ({ memberIds }: CastGroup): number => 1 / (memberIds.length + 1);
