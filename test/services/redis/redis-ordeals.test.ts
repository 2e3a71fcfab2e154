import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { redisOn } from "../../../scripts/services/kinds/redis.js";
import { PrivateService } from "../../../scripts/services/private-service.js";
import { redisPresence } from "../../../src/adapters/redis/index.js";
import { userKey } from "../../../src/adapters/redis/route-text.js";
import { systemClock } from "../../../src/testing/conformance/cluster/clock.js";
import { Patience } from "../../../src/testing/conformance/cluster/patience.js";
import { PresenceDesk } from "../../../src/testing/conformance/presence/presence-desk.js";
import { NODES, originOf, routeOf } from "../../../src/testing/conformance/presence/test-routes.js";

const service = redisOn(16393);
const isPossible = inject("services").redis !== undefined && PrivateService.isPossible(service);

describe.skipIf(!isPossible)("redisPresence on a Redis that is harmed", () => {
  const patience = new Patience(systemClock());
  const routes = [routeOf(), routeOf({ userId: "bob", connection: 2, origin: originOf(2) })];
  let redis: PrivateService;
  let desk: PresenceDesk;
  let admin: Redis;

  beforeAll(async () => {
    redis = await PrivateService.create(service);
    admin = new Redis(redis.url);
    admin.on("error", () => {});
    desk = new PresenceDesk({ adapter: redisPresence({ url: redis.url }) }, patience);
    await desk.presence.start();
  });
  afterAll(async () => {
    admin.disconnect();
    await desk.close();
    await redis.end();
  });

  it("P2: FLUSHALL and SCRIPT FLUSH: everything is back with the next renewal", async () => {
    for (const route of routes) await desk.enter(route);
    await admin.flushall();
    await admin.script("FLUSH");
    expect((await desk.locate(["ada", "bob"])).size).toBe(0);
    await desk.renew(routes);
    await desk.assertRoutes("ada", routes.slice(0, 1));
    await desk.assertRoutes("bob", routes.slice(1));
    expect(desk.state).toBe("up");
  });

  it("kill -9 and an empty restart: calls are unavailable at once, and go well when it is back", async () => {
    await redis.kill();
    await patience.until("it is noticed", () => desk.state === "down");
    await desk.assertAllReject(routeOf(), "unavailable");
    await redis.start();
    await patience.until("it is up", () => desk.state === "up");
    await desk.assertRoutes("ada", []);
    await desk.renew(routes);
    await desk.assertRoutes("ada", routes.slice(0, 1));
    expect(desk.conditions.map(({ state }) => state)).toEqual(["up", "down", "up"]);
  });

  it("one that does not answer: calls are unavailable within 1 s, nothing piles up, and it is used again afterwards", async () => {
    redis.stop();
    await desk.assertAllReject(routeOf(), "unavailable");
    const many = Array.from({ length: 5_000 }, (_, n) => desk.presence.locate([`user-${n}`]));
    const settled = await patience.for("all", Promise.allSettled(many), 3_000);
    expect(settled.filter(({ status }) => status === "fulfilled")).toEqual([]);
    expect(desk.state).toBe("down");
    redis.continue();
    await patience.until("it is up", () => desk.state === "up");
    await desk.assertRoutes("ada", routes.slice(0, 1));
  });

  it("a route is kept for a minute, no longer", async () => {
    await desk.enter(routeOf({ userId: "carol" }));
    const leftMs = await admin.pttl(userKey("shyim:", "carol"));
    expect(leftMs).toBeGreaterThan(55_000);
    expect(leftMs).toBeLessThanOrEqual(60_000);
    await desk.release([routeOf({ userId: "carol" })]);
    expect(await admin.exists(userKey("shyim:", "carol"))).toBe(0);
  });

  it("a release keeps the others' time", async () => {
    const [stays, goes] = [routeOf({ userId: "dan" }), routeOf({ userId: "dan", node: NODES.b })];
    await desk.renew([stays, goes]);
    await desk.release([goes]);
    expect(await admin.pttl(userKey("shyim:", "dan"))).toBeGreaterThan(55_000);
    await desk.assertRoutes("dan", [stays]);
  });

  it("what others have written under a user's key is passed over, and gone with the next change", async () => {
    const key = userKey("shyim:", "eve");
    const now = Date.now();
    const garbage = [
      "",
      "x",
      `${now} a b 1 o`,
      `${now} a b x o "k"`,
      `${now} a b 1 o k`,
      `x a b 1 o "k"`,
      `99${now} a b 1 o "k"`,
    ];
    await admin.rpush(key, ...garbage);
    await desk.assertRoutes("eve", []);
    await desk.enter(routeOf({ userId: "eve" }), { policy: "reject-new" });
    await desk.assertRoutes("eve", [routeOf({ userId: "eve" })]);
    expect(await admin.llen(key)).toBe(1);
    await admin.set(key, "a text");
    await desk.assertRoutes("eve", []);
    await desk.enter(routeOf({ userId: "eve" }));
    await desk.assertRoutes("eve", [routeOf({ userId: "eve" })]);
  });

  it("what no server would ask for is refused before it is sent", async () => {
    const live = [NODES.a];
    const ask = (parts: object) => () =>
      desk.presence.claim({ route: { ...routeOf(), ...parts }, policy: "multi", maxDevices: 5, live });
    for (const parts of [
      { userId: "a b" },
      { userId: "" },
      { node: { id: "a\r\n", epoch: "e" } },
      { connection: 1.5 },
      { origin: "" },
    ])
      await patience.rejects(JSON.stringify(parts), ask(parts), "invalid_argument");
    await patience.rejects("locate", () => desk.presence.locate(["{a} b"]), "invalid_argument");
  });

  it("a wrong password is told as a condition, and nothing of it is repeated", async () => {
    await admin.config("SET", "requirepass", "right");
    const other = new PresenceDesk(
      { adapter: redisPresence({ host: "127.0.0.1", port: 16393, password: "swordfish" }) },
      patience,
    );
    await patience.for("start", other.presence.start(), 4_000);
    expect(other.state).toBe("down");
    await desk.enter(routeOf());
    const error = await patience.rejects("locate", () => other.presence.locate(["ada"]), "unavailable");
    expect(error.message).toContain("WRONGPASS");
    expect(JSON.stringify([other.conditions, error.message])).not.toContain("swordfish");
    await other.close();
    await admin.config("SET", "requirepass", "");
  });
});
