/** `shyim/adapters/redis`: the book of sessions in Redis. Everything public is listed here by hand. */

export type {
  RedisClusterOptions,
  RedisHostOptions,
  RedisPresenceOptions,
  RedisTls,
  RedisUrlOptions,
} from "./options.js";
export { RedisPresence, redisPresence } from "./redis-presence.js";
