import { setTimeout as sleep } from "node:timers/promises";
import type { GroupId, UserId } from "../../../src/core/model.js";
import type { SeededRandom } from "../../../src/testing/fakes/random.js";
import type { History, Problem } from "../../../src/testing/simulation/history.js";
import type { Cast } from "./cast.js";
import type { Place } from "./place.js";

/** A call that got no answer for so long is made again, to another node if there is one. */
const GIVE_UP_MS = 5_000;
const RETRY_MS = 500;
const WIRE_OK = 200;

/** What the administrator needs. */
export interface AdministratorSurroundings {
  readonly history: History;
  readonly place: Place;
  readonly random: SeededRandom;
  readonly token: (userId: UserId) => string;
}

/** Owns all groups; takes members in and puts them out over the HTTP API of any node, and insists until there is an answer. */
export class Administrator {
  readonly #around: AdministratorSurroundings;
  readonly #cast: Cast;
  readonly #members: ReadonlyMap<GroupId, Set<UserId>>;
  readonly #end = new AbortController();
  #change: Promise<void> | null = null;

  constructor(cast: Cast, around: AdministratorSurroundings) {
    this.#around = around;
    this.#cast = cast;
    this.#members = new Map(cast.groups.map(({ id, memberIds }) => [id, new Set(memberIds)]));
  }

  /** Whether a user is in, as far as the administrator was told. */
  isMember(groupId: GroupId, userId: UserId): boolean {
    return this.#members.get(groupId)?.has(userId) ?? false;
  }

  problems(): readonly Problem[] {
    return this.#change === null ? [] : [{ what: "unsettled", who: "administrator" }];
  }

  /** Begins one change, unless the last one has no answer yet. */
  changeSomething(): void {
    if (this.#change !== null) return;
    const { random } = this.#around;
    const { id: groupId } = random.pick(this.#cast.groups);
    const members = [...(this.#members.get(groupId) ?? [])];
    // As many come as go, so that groups stay about as large as they were.
    const isLeaving = members.length > 0 && random.chance(0.5);
    const userId = isLeaving ? random.pick(members) : random.pick(this.#outsiders(groupId));
    const change = isLeaving ? this.#remove(groupId, userId) : this.#add(groupId, userId);
    this.#change = change.finally(() => {
      this.#change = null;
    });
  }

  /** What has no answer by now gets none. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#change;
  }

  /** Mostly people with a client. */
  #outsiders(groupId: GroupId): readonly UserId[] {
    const { userIds, fillerIds } = this.#cast;
    const isOutside = (userId: UserId): boolean => !this.isMember(groupId, userId);
    const [connected, others] = [userIds.filter(isOutside), fillerIds.filter(isOutside)];
    const isConnected = others.length === 0 || this.#around.random.chance(0.8);
    return isConnected && connected.length > 0 ? connected : others;
  }

  async #add(groupId: GroupId, userId: UserId): Promise<void> {
    const body = { group_id: groupId, ids: [userId] };
    if (await this.#insist("/group/add", body, "adding", { groupId, userId })) {
      this.#members.get(groupId)?.add(userId);
      this.#around.history.record({ kind: "added", groupId, userId });
    }
  }

  async #remove(groupId: GroupId, userId: UserId): Promise<void> {
    const body = { group_id: groupId, user_id: userId };
    if (await this.#insist("/group/remove", body, "removing", { groupId, userId })) {
      this.#members.get(groupId)?.delete(userId);
      this.#around.history.record({ kind: "removed", groupId, userId });
    }
  }

  /** True when it is done, false when there was no time left. */
  async #insist(
    path: string,
    body: object,
    kind: "adding" | "removing",
    who: { readonly groupId: GroupId; readonly userId: UserId },
  ): Promise<boolean> {
    for (;;) {
      if (this.#end.signal.aborted) return false;
      this.#around.history.record({ kind, ...who });
      if (await this.#ask(path, body)) return true;
      await sleep(RETRY_MS);
    }
  }

  /** False when it has to be asked again. Throws what only a fault of this program can be. */
  async #ask(path: string, body: object): Promise<boolean> {
    const { place, random, token } = this.#around;
    const up = place.nodes.filter(({ isUp }) => isUp);
    if (up.length === 0) return false;
    const signal = AbortSignal.any([AbortSignal.timeout(GIVE_UP_MS), this.#end.signal]);
    const headers = { "content-type": "application/json", token: token(this.#cast.ownerId) };
    const request = { method: "POST", headers, body: JSON.stringify(body), signal };
    let answer: Response;
    let said: { readonly code?: number; readonly msg?: string };
    try {
      answer = await fetch(`${random.pick(up).url}${path}`, request);
      said = (await answer.json()) as typeof said;
    } catch {
      return false;
    }
    if (said.code === WIRE_OK) return true;
    if (answer.status === 503 || answer.status >= 500) return false;
    throw new Error(`${path} ${JSON.stringify(body)} was answered ${answer.status}: ${said.msg}`);
  }
}
