import { assertEqual } from "../assert.js";
import type { PresenceCases } from "./presence-stage.js";
import { LIVE, NODES, originOf, routeOf } from "./test-routes.js";

/** A book comes back within so long after it can be reached again, ms. */
const BACK_WITHIN_MS = 15_000;

/** Books that are away, forget, or are never told of an end. */
export const harmCases: PresenceCases = (it) => {
  it(
    "P2: a renewal brings everything back after the book has forgotten it",
    async (stage) => {
      const desk = await stage.desk();
      const routes = [routeOf(), routeOf({ node: NODES.b, connection: 2, origin: originOf(2) })];
      for (const route of routes) await desk.enter(route, { live: LIVE });
      await stage.flush();
      await desk.assertRoutes("ada", []);
      await desk.renew(routes);
      await desk.assertRoutes("ada", routes);
      const newcomer = routeOf({ connection: 3, origin: originOf(3) });
      assertEqual((await desk.enter(newcomer, { policy: "single", live: LIVE })).length, 2, "how many were displaced");
    },
    "flush",
  );

  it(
    "a book that has forgotten everything works on for every node",
    async (stage) => {
      const [a, b] = [await stage.desk(), await stage.desk()];
      await a.enter(routeOf());
      await stage.flush();
      await b.enter(routeOf({ node: NODES.b }));
      await a.release([routeOf()]);
      await a.assertRoutes("ada", [routeOf({ node: NODES.b })]);
    },
    "flush",
  );

  it(
    "I13: every call on a book that is away is unavailable in time, and goes well again afterwards",
    async (stage) => {
      const desk = await stage.desk();
      await desk.enter(routeOf());
      await desk.cut();
      await desk.assertAllReject(routeOf({ userId: "bob" }), "unavailable");
      await stage.patience.until("it says that something is wrong", () => desk.state !== "up", BACK_WITHIN_MS);
      await desk.heal();
      await stage.patience.until("it is up again", () => desk.state === "up", BACK_WITHIN_MS);
      await desk.enter(routeOf({ connection: 2 }));
      await desk.assertRoutes("ada", [routeOf(), routeOf({ connection: 2 })]);
    },
    "cut",
  );

  it(
    "I13: many calls at once on a book that is away are unavailable, each in time",
    async (stage) => {
      const desk = await stage.desk();
      await desk.cut();
      const calls = Array.from({ length: 200 }, (_, n) => () => desk.presence.locate([`user-${n}`]));
      await Promise.all(calls.map((call) => stage.patience.rejects("locate", call, "unavailable", 3_000)));
      await desk.heal();
    },
    "cut",
  );

  it(
    "K6: start resolves while the book is away, and it is used when it is there",
    async (stage) => {
      const desk = await stage.newDesk();
      await desk.cut();
      await stage.start(desk);
      await desk.assertAllReject(routeOf(), "unavailable");
      await desk.heal();
      await stage.patience.until("it is up", () => desk.state === "up", BACK_WITHIN_MS);
      await desk.enter(routeOf({ userId: "carol" }));
      await desk.assertRoutes("carol", [routeOf({ userId: "carol" })]);
    },
    "cut",
  );

  it(
    "close resolves while the book is away, also during start and with calls under way",
    async (stage) => {
      const [desk, starting] = [await stage.desk(), await stage.newDesk()];
      await desk.cut();
      await starting.cut();
      const underWay = Promise.allSettled([starting.presence.start(), desk.presence.locate(["ada"])]);
      await stage.close(starting);
      await stage.close(desk);
      await stage.patience.for("what was under way settles", underWay);
    },
    "cut",
  );

  it(
    "P1: a route that nobody renews is forgotten, beside one of the same user that is renewed",
    async (stage) => {
      const desk = await stage.desk();
      const renewed = routeOf({ connection: 2, origin: originOf(2) });
      await desk.enter(routeOf());
      await desk.enter(renewed);
      await stage.pass(stage.routeLifeMs * 0.6);
      await desk.renew([renewed]);
      await desk.assertRoutes("ada", [routeOf(), renewed]);
      await stage.pass(stage.routeLifeMs * 0.6);
      await desk.assertRoutes("ada", [renewed]);
      const newcomer = routeOf({ connection: 3, origin: originOf(3) });
      assertEqual(await desk.enter(newcomer, { maxDevices: 2 }), [], "who was displaced");
    },
    "expiry",
  );

  it(
    "P1: a route that nobody renews is forgotten, and its user with it",
    async (stage) => {
      const desk = await stage.desk();
      await desk.enter(routeOf());
      await stage.pass(stage.routeLifeMs * 1.2);
      await desk.assertRoutes("ada", []);
    },
    "expiry",
  );
};
