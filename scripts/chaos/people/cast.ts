import type { GroupId, UserId } from "../../../src/core/model.js";
import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import type { DeviceId } from "../../../src/testing/simulation/history.js";

/** One client. */
export interface CastDevice {
  readonly id: DeviceId;
  readonly userId: UserId;
  /** Speaks only the original protocol. */
  readonly isLegacy: boolean;
}

/** A group as it is when everything begins. */
export interface CastGroup {
  readonly id: GroupId;
  /** Without the owner. */
  readonly memberIds: readonly UserId[];
}

/** Who takes part. */
export interface Cast {
  readonly devices: readonly CastDevice[];
  /** Users of the devices. */
  readonly userIds: readonly UserId[];
  /** Members of groups who never connect. */
  readonly fillerIds: readonly UserId[];
  /** Owns all groups and changes who is in them; never connects. */
  readonly ownerId: UserId;
  readonly groups: readonly CastGroup[];
}

/** Members of the groups, the owner included. There are several small ones for a large one, as everywhere. */
const SMALL = [2, 3, 4, 5, 6, 8, 10, 15];
const GROUP_SIZES = [...SMALL, ...SMALL, ...SMALL, ...SMALL, 20, 30, 40, 80, 200];
/** Users of the largest groups who have a client; the rest never connects. */
const MOST_CONNECTED = 60;

/** A fifth of the clients are the first of two, a tenth speaks the original protocol, for every 100 there are 80 users. */
export function drawCast(random: SeededRandom, clients: number): Cast {
  const legacy = Math.round(clients / 10);
  const pairs = Math.floor(Math.round(clients / 2.5) / 2);
  const singles = clients - legacy - 2 * pairs;
  const devices = [
    ...numbered("pair", pairs).flatMap((userId) => [device(userId, 1), device(userId, 2)]),
    ...numbered("solo", singles).map((userId) => device(userId, 1)),
    ...numbered("old", legacy).map((userId) => device(userId, 1, true)),
  ];
  const userIds = [...new Set(devices.map(({ userId }) => userId))];
  const fillerIds = numbered("quiet", Math.max(...GROUP_SIZES));
  return { devices, userIds, fillerIds, ownerId: "keeper", groups: drawGroups(random, userIds, fillerIds) };
}

function drawGroups(random: SeededRandom, userIds: readonly UserId[], fillerIds: readonly UserId[]): CastGroup[] {
  return GROUP_SIZES.map((size, index) => {
    const most = Math.min(userIds.length, MOST_CONNECTED, size <= 20 ? size - 1 : Math.ceil(size / 2));
    const connected = shuffled(random, userIds).slice(0, Math.min(most, size - 1));
    const fillers = shuffled(random, fillerIds).slice(0, size - 1 - connected.length);
    return { id: `group-${index + 1}`, memberIds: [...connected, ...fillers] };
  });
}

function shuffled<Item>(random: SeededRandom, items: readonly Item[]): Item[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.between(0, i);
    [all[i], all[j]] = [all[j] as Item, all[i] as Item];
  }
  return all;
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

function device(userId: UserId, number: number, isLegacy = false): CastDevice {
  return { id: `${userId}/${number}`, userId, isLegacy };
}
