import { describe, expect, it } from "vitest";
import { type RedisPresenceOptions, redisPresence } from "../../../src/adapters/redis/index.js";
import { loadIoRedis } from "../../../src/adapters/redis/load-ioredis.js";
import { placeOf, placeText } from "../../../src/adapters/redis/redis-place.js";
import { isImError } from "../../../src/core/errors.js";

/** The lines of the error, without the first. */
function problemsOf(options: object): readonly string[] {
  try {
    redisPresence(options as RedisPresenceOptions);
    return [];
  } catch (error) {
    if (!isImError(error, "invalid_argument")) throw error;
    return error.message.split("\n").slice(1);
  }
}

describe("the options of redisPresence", () => {
  it.each([
    { url: "redis://127.0.0.1:6379" },
    { url: "redis://ada:p%40ss@redis.example/3", prefix: "chat:" },
    { url: "rediss://redis.example", tls: { ca: "PEM", servername: "redis" } },
    { host: "::1", port: 6380, username: "ada", password: "x", db: 2, tls: true },
    { cluster: ["10.0.0.5:6379", "[::1]:6380", "redis.example:1"], password: "x", prefix: "" },
  ])("are taken: %j", (options) => {
    expect(problemsOf(options)).toEqual([]);
  });

  it("are refused without a place, and with two", () => {
    const problem = "  - expected exactly one of url, host and cluster: where Redis is";
    expect(problemsOf({})).toEqual([problem]);
    expect(problemsOf({ url: "redis://a", host: "a" })).toEqual([problem]);
    expect(problemsOf(null as unknown as object)).toEqual([problem]);
  });

  it("are refused with every problem at once", () => {
    expect(
      problemsOf({ host: 7, port: 65_536, db: -1, prefix: "{a}", tls: { rejectUnauthorized: false }, more: 1 }),
    ).toEqual([
      '  - prefix: expected up to 64 printable ASCII characters without spaces and braces, got "{a}"',
      "  - host: expected a host, got 7",
      "  - port: expected an integer from 1 to 65535, got 65536",
      "  - db: expected an integer from 0 on, got -1",
      "  - tls: expected true, false or { ca, cert, key, servername }, each of them a text or bytes",
      "  - more: there is no such option here",
    ]);
  });

  it.each(["", "a", "http://a", "redis://", "redis://a/b", "redis://a?db=1", "redis://a#b", "redis://u:%@a", 7])(
    "refuse the URL %j",
    (url) => {
      expect(problemsOf({ url })).toHaveLength(1);
    },
  );

  it.each([[], "a:1", ["a"], ["a:0"], ["a:65536"], ["u:p@a:1"], ["redis://a:1"], ["a:1", 7]])(
    "refuse the cluster %j",
    (cluster) => {
      expect(problemsOf({ cluster })).toHaveLength(1);
    },
  );

  it("repeat no password", () => {
    const options = [
      { url: "redis://ada:swordfish@a?x=1" },
      { host: "a", password: { swordfish: 1 }, username: ["swordfish"], tls: "swordfish" },
      { url: "redis://a", password: "swordfish" },
    ];
    const told = options.flatMap(problemsOf);
    expect(told.length).toBeGreaterThanOrEqual(5);
    expect(told.join()).not.toContain("swordfish");
  });

  it("say the same by URL and by parts", () => {
    const byUrl = placeOf({ url: "rediss://ada:p%40ss@[::1]:6380/3" });
    expect(byUrl).toEqual(placeOf({ host: "::1", port: 6380, db: 3, username: "ada", password: "p@ss", tls: true }));
    expect(placeText(byUrl)).toBe("Redis at ::1:6380/3");
    expect(placeOf({ url: "redis://a", tls: true }).tls).toEqual({});
    expect(placeOf({ url: "redis://a" })).toEqual({ addresses: [{ host: "a", port: 6379 }], isCluster: false, db: 0 });
  });
});

describe("the package ioredis", () => {
  it("is asked for where it is missing", async () => {
    const missing = loadIoRedis(() => Promise.reject(new Error("Cannot find package 'ioredis'")));
    await expect(missing).rejects.toMatchObject({
      code: "operation_failed",
      message: expect.stringContaining("npm install ioredis"),
    });
  });
});
