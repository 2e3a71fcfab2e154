import type { UserId } from "../../core/model.js";
import type { Condition } from "../contracts/nodes.js";
import type { Claim, ClaimRequest, Presence, Route } from "../contracts/presence.js";
import { assertOptions, type RedisPresenceOptions } from "./options.js";
import type { ScriptCall } from "./redis-client.js";
import { RedisLink } from "./redis-link.js";
import { placeOf } from "./redis-place.js";
import { connectionText, nodeText, parseRoute, routeText, userKey } from "./route-text.js";
import { SCRIPTS } from "./scripts.js";

/** A route that nobody has renewed for so long is forgotten, ms. */
const ROUTE_LIFE_MS = 60_000;
const DEFAULT_PREFIX = "shyim:";
/** Most users of one message to Redis: a longer one would not be answered in time, and keep others waiting. */
const MAX_BATCH = 1_000;

/** A presence in Redis. */
export class RedisPresence implements Presence {
  readonly #link: RedisLink;
  readonly #prefix: string;
  readonly #life: string;
  #starting: Promise<void> | null = null;

  /** Use {@link redisPresence}. */
  constructor(options: RedisPresenceOptions, { routeLifeMs = ROUTE_LIFE_MS } = {}) {
    this.#link = new RedisLink(placeOf(options));
    this.#prefix = options.prefix ?? DEFAULT_PREFIX;
    this.#life = String(routeLifeMs);
  }

  bind(host: { onCondition(condition: Condition): void }): void {
    if (this.#starting !== null)
      throw new Error("redisPresence runs with the host it has: bind() comes before start()");
    this.#link.onCondition((condition) => host.onCondition(condition));
  }

  /** Errors: `operation_failed` without the package ioredis; then it may be called again. */
  start(): Promise<void> {
    this.#starting ??= this.#link.open().catch((error) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  async claim({ route, policy, maxDevices, live }: ClaimRequest): Promise<Claim> {
    const args = [policy, String(maxDevices), routeText(route), ...live.map(nodeText)];
    const [answer] = await this.#run([this.#call("claim", route.userId, args)]);
    const [isGranted, ...displaced] = Array.isArray(answer) ? answer : [];
    return isGranted === 1 ? { granted: true, displaced: parseRoutes(route.userId, displaced) } : { granted: false };
  }

  async renew(routes: readonly Route[]): Promise<void> {
    await this.#run(this.#perUser("renew", routes, routeText));
  }

  async release(routes: readonly Route[]): Promise<void> {
    await this.#run(this.#perUser("release", routes, ({ node, connection }) => connectionText(node, connection)));
  }

  async locate(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Route[]>> {
    const different = [...new Set(userIds)];
    const answers = await this.#run(different.map((userId) => this.#call("locate", userId, [])));
    const found = different.map((userId, n) => [userId, parseRoutes(userId, answers[n])] as const);
    return new Map(found.filter(([, routes]) => routes.length > 0));
  }

  #call(name: keyof typeof SCRIPTS, userId: UserId, args: readonly string[]): ScriptCall {
    return { script: SCRIPTS[name], key: userKey(this.#prefix, userId), args: [this.#life, ...args] };
  }

  #perUser(name: keyof typeof SCRIPTS, routes: readonly Route[], textOf: (route: Route) => string): ScriptCall[] {
    const texts = new Map<UserId, string[]>();
    for (const route of routes) {
      const ofUser = texts.get(route.userId);
      if (ofUser === undefined) texts.set(route.userId, [textOf(route)]);
      else ofUser.push(textOf(route));
    }
    return [...texts].map(([userId, args]) => this.#call(name, userId, args));
  }

  async #run(calls: readonly ScriptCall[]): Promise<readonly unknown[]> {
    const results: unknown[] = [];
    for (let from = 0; from < calls.length; from += MAX_BATCH) {
      results.push(...(await this.#link.run(calls.slice(from, from + MAX_BATCH))));
    }
    return results;
  }
}

/**
 * The book of sessions in Redis 5 or later, or in a Redis Cluster: one key per user, changed by scripts in one step. What Redis loses is
 * entered again by the next renewals. Nothing is opened before `start`.
 * Errors: one `invalid_argument` that lists every problem with the options.
 */
export function redisPresence(options: RedisPresenceOptions): RedisPresence {
  assertOptions(options);
  return new RedisPresence(options);
}

function parseRoutes(userId: UserId, texts: unknown): readonly Route[] {
  const routes = Array.isArray(texts) ? texts.map((text) => parseRoute(userId, text)) : [];
  return routes.filter((route) => route !== null);
}
