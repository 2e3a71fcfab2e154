import { isImError } from "../../../core/errors.js";
import { conversationKey, type GroupId, type Target, type UserId } from "../../../core/model.js";
import { recipientOf } from "../../../core/recipient.js";
import type { ImServer, ServerReceipt } from "../../../server/im-server.js";
import type { Problem } from "../history.js";
import type { World } from "../world.js";
import type { Fleet } from "./fleet.js";
import { isForbidden } from "./house-rules.js";

/** A call that got no answer for so long was made to a dead process. */
const GIVE_UP_MS = 5_000;
const RETRY_MS = 300;

/** The application around the server: changes groups and sends, and insists until it has an answer. */
export class Administrator {
  readonly #world: World;
  readonly #fleet: Fleet;
  #changes: Promise<void> = Promise.resolve();
  #open = 0;
  #composed = 0;

  constructor(world: World, fleet: Fleet) {
    this.#world = world;
    this.#fleet = fleet;
  }

  /** Calls that have no answer yet. */
  problems(): readonly Problem[] {
    return this.#open === 0 ? [] : [{ what: "unsettled", who: "administrator" }];
  }

  /** Makes a group, before anything else happens. */
  async createGroup(id: GroupId, memberIds: readonly UserId[]): Promise<void> {
    const [ownerId = ""] = memberIds;
    for (const userId of memberIds) this.#world.history.record({ kind: "adding", groupId: id, userId });
    await this.#insist((server) => server.groups.create({ id, name: id, ownerId, memberIds }), "add_failed");
    for (const userId of memberIds) this.#world.history.record({ kind: "added", groupId: id, userId });
  }

  /** Changes are made one after the other. */
  add(groupId: GroupId, userId: UserId): void {
    this.#enqueue(async () => {
      await this.#insist((server) => {
        this.#world.history.record({ kind: "adding", groupId, userId });
        return server.groups.add(groupId, [userId]);
      });
      this.#world.history.record({ kind: "added", groupId, userId });
    });
  }

  remove(groupId: GroupId, userId: UserId): void {
    this.#enqueue(async () => {
      await this.#insist((server) => {
        this.#world.history.record({ kind: "removing", groupId, userId });
        return server.groups.remove(groupId, userId);
      });
      this.#world.history.record({ kind: "removed", groupId, userId });
      this.#world.probes.hit("member_removed");
    });
  }

  /** Ends all sessions of a user, if there is a server just now that can be asked. */
  disconnect(userId: UserId): void {
    const ended = this.#attempt((server) => server.sessions.disconnect(userId));
    ended.then(
      () => this.#world.history.record({ kind: "disconnected", userId }),
      () => undefined,
    );
  }

  /** Sends with a key, `times` times at once: it is one message. Without a key (`times` 0) it is tried once. */
  send(target: Target, from: UserId | null, words: string, times: number): void {
    const operation = `server.${++this.#composed}`;
    const text = `${operation} ${words}`;
    const conversation = conversationKey(from, target);
    const once = times > 0;
    this.#world.history.record({
      kind: "invoke",
      operation,
      author: "server",
      userId: from,
      device: null,
      conversation,
      once,
      forbidden: from !== null && isForbidden(words),
    });
    const message = {
      to: recipientOf(target),
      text,
      ...(from === null ? {} : { from }),
      ...(once ? { key: operation } : {}),
    };
    const call = (server: ImServer) => server.messages.send(message);
    if (!once) {
      this.#count(this.#settle(operation, this.#attempt(call)));
      return;
    }
    if (times > 1) this.#world.probes.hit("server_send_repeated");
    for (let i = 0; i < times; i++) this.#count(this.#settle(operation, this.#insist(call)));
  }

  async #settle(operation: string, call: Promise<ServerReceipt>): Promise<void> {
    const { history } = this.#world;
    try {
      const { messageId, conversationSeq } = await call;
      history.record({ kind: "ack", operation, messageId, seq: null, conversationSeq });
    } catch (error) {
      const isUnknown = !isImError(error) || error.code === "busy" || error.code === "unavailable";
      if (isUnknown) history.record({ kind: "unknown", operation });
      else history.record({ kind: "refused", operation, code: error.code });
    }
  }

  #enqueue(change: () => Promise<void>): void {
    this.#changes = this.#changes.then(change);
    this.#count(this.#changes);
  }

  #count(work: Promise<void>): void {
    this.#open++;
    void work.then(() => this.#open--);
  }

  /** Repeats until there is an answer. `done` is the error that says that an earlier try did it. */
  async #insist<T>(call: (server: ImServer) => Promise<T>, done?: string): Promise<T> {
    for (;;) {
      try {
        return await this.#attempt(call);
      } catch (error) {
        const code = isImError(error) ? error.code : "unavailable";
        if (code === done) return undefined as T;
        if (code !== "unavailable" && code !== "busy") throw error;
        await this.#world.pass(RETRY_MS);
      }
    }
  }

  async #attempt<T>(call: (server: ImServer) => Promise<T>): Promise<T> {
    const { process } = this.#fleet;
    const silence = this.#world.pass(GIVE_UP_MS).then(() => Promise.reject(new Error("no answer")));
    if (process === null) return silence;
    return Promise.race([call(process.server), silence]);
  }
}
