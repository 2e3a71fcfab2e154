import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceId, Problem } from "../../../src/testing/simulation/history.js";
import type { RecordRoom } from "../judge/record-room.js";
import type { Cast } from "../people/cast.js";
import { Ear } from "../people/ear.js";
import { viewInboxes } from "../people/inbox-views.js";
import type { Place } from "../people/place.js";
import { SdkSeat } from "../people/sdk-seat.js";
import { TokenDesk } from "../people/token-desk.js";

const LOOK_EVERY_MS = 100;

/** A few people who know each other; `ann` has two devices. */
export function smallCast(): Cast {
  const devices = ["ann/1", "ann/2", "bob/1", "cid/1"].map((id) => ({ id, userId: id.slice(0, 3), isLegacy: false }));
  const userIds = ["ann", "bob", "cid"];
  return { devices, userIds, fillerIds: [], ownerId: "keeper", groups: [{ id: "friends", memberIds: userIds }] };
}

/** People who choose their node. */
export class PinnedPeople {
  readonly #cast: Cast;
  readonly #place: Place;
  readonly #room: RecordRoom;
  readonly #seats = new Map<DeviceId, SdkSeat>();
  readonly #ears = new Map<number, Ear>();

  constructor(cast: Cast, place: Place, room: RecordRoom) {
    this.#cast = cast;
    this.#place = place;
    this.#room = room;
  }

  /** A device that signs in on this node and no other. */
  seat(id: DeviceId, node: number): SdkSeat {
    const { history } = this.#room;
    const device = this.#cast.devices.find((each) => each.id === id);
    const url = `${this.#place.nodes[node]?.url.replace(/^http/, "ws")}/ws`;
    if (device === undefined) throw new Error(`there is no device ${id}`);
    const desk = new TokenDesk(this.#place.tokenKey);
    const token = (userId: string) => desk.tokenFor(userId);
    const seat = new SdkSeat(device, { history, ear: this.#earOn(node), url, token });
    this.#seats.set(id, seat);
    return seat;
  }

  /** The node a device is signed in at; `null` when it is not. */
  nodeOf(id: DeviceId): number | null {
    for (const [node, ear] of this.#ears) if (ear.nodeOf(id) !== null) return node;
    return null;
  }

  /** Resolves with what is still open when everything has arrived, or has not for too long. */
  async quiet(patienceMs: number): Promise<readonly Problem[]> {
    const endsAt = performance.now() + patienceMs;
    for (const seat of this.#seats.values()) seat.heal();
    for (;;) {
      const views = await viewInboxes(this.#room.storage.messages, this.#cast.userIds);
      const nothing = { epoch: "", head: 0, lastReceived: 0 };
      const problems = [...this.#seats.values()].flatMap((seat) => seat.problems(views.get(seat.userId) ?? nothing));
      if (problems.length === 0 || performance.now() > endsAt) return problems;
      await sleep(LOOK_EVERY_MS);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#seats.values()].map((seat) => seat.close()));
  }

  /** What is heard there is heard of this node, whatever way it came. */
  #earOn(node: number): Ear {
    const known = this.#ears.get(node);
    if (known !== undefined) return known;
    const { history, elapsed } = this.#room;
    const front = { url: "", nodeOf: () => node, onDisturbed: () => {} };
    const ear = new Ear(history, { ...this.#placeParts(), front, onNode: () => {} }, elapsed);
    this.#ears.set(node, ear);
    return ear;
  }

  #placeParts(): Pick<Place, "nodes" | "tokenKey"> {
    return { nodes: this.#place.nodes, tokenKey: this.#place.tokenKey };
  }
}
