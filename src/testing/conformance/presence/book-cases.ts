import type { Route } from "../../../adapters/contracts/presence.js";
import { assertEqual } from "../assert.js";
import { NEAR_TWINS, ODD_IDS } from "../storage/odd-ids.js";
import type { PresenceCases } from "./presence-stage.js";
import { LIVE, NODES, originOf, routeOf } from "./test-routes.js";

const MANY = 2_000;

const manyRoutes = (epoch: string): Route[] =>
  Array.from({ length: MANY }, (_, n) =>
    routeOf({ userId: `user-${n}`, node: { id: NODES.a.id, epoch }, connection: n + 1, origin: originOf(n) }),
  );

const userIdsOf = (routes: readonly Route[]): string[] => routes.map(({ userId }) => userId);

/** Renewing, releasing and finding. */
export const bookCases: PresenceCases = (it) => {
  it("finds the sessions of many users, and leaves out who has none", async (stage) => {
    const desk = await stage.desk();
    const [ada, bob] = [routeOf(), routeOf({ userId: "bob", connection: 2 })];
    await desk.enter(ada);
    await desk.enter(bob);
    const found = await desk.locate(["nobody", "bob", "ada", "no-one", "bob"]);
    assertEqual([...found.keys()].sort(), ["ada", "bob"], "who was found");
    assertEqual((await desk.locate([])).size, 0, "what is found for nobody");
  });

  it("what one node enters another finds", async (stage) => {
    const [a, b] = [await stage.desk(), await stage.desk()];
    await a.enter(routeOf());
    await b.assertRoutes("ada", [routeOf()]);
  });

  it("P4: a release removes only what is the same in user, node, epoch and connection", async (stage) => {
    const desk = await stage.desk();
    await desk.enter(routeOf());
    await desk.release([
      routeOf({ node: { id: NODES.a.id, epoch: "another" } }),
      routeOf({ node: { id: "another", epoch: NODES.a.epoch } }),
      routeOf({ connection: 2 }),
      routeOf({ userId: "bob" }),
    ]);
    await desk.assertRoutes("ada", [routeOf()]);
    await desk.release([routeOf({ origin: originOf(9), deviceKind: "other" })]);
    await desk.assertRoutes("ada", []);
  });

  it("P4: the end of a replaced connection does not remove the one that replaced it", async (stage) => {
    const [a, b] = [await stage.desk(), await stage.desk()];
    await a.enter(routeOf());
    const newer = routeOf({ node: NODES.b, connection: 1 });
    await b.enter(newer, { policy: "single", live: LIVE });
    await a.release([routeOf()]);
    await a.release([routeOf()]);
    await b.assertRoutes("ada", [newer]);
  });

  it("P2: a renewal enters what is missing, without asking for a policy", async (stage) => {
    const desk = await stage.desk();
    const routes = [routeOf(), routeOf({ node: NODES.b, connection: 2, origin: originOf(2) })];
    await desk.renew(routes);
    await desk.renew(routes);
    await desk.assertRoutes("ada", routes);
  });

  it("P11: a renewal under another epoch replaces the same connection, and no other", async (stage) => {
    const desk = await stage.desk();
    const other = routeOf({ node: NODES.b, connection: 1, origin: originOf(2) });
    await desk.enter(other, { live: LIVE });
    await desk.enter(routeOf(), { live: LIVE });
    const renewed = routeOf({ node: { id: NODES.a.id, epoch: "later" } });
    await desk.renew([renewed]);
    await desk.assertRoutes("ada", [renewed, other]);
    await desk.release([routeOf()]);
    await desk.assertRoutes("ada", [renewed, other]);
  });

  it("a renewal makes nobody younger", async (stage) => {
    const desk = await stage.desk();
    const [oldest, second] = [routeOf(), routeOf({ connection: 2, origin: originOf(2) })];
    await desk.enter(oldest);
    await desk.enter(second);
    await desk.renew([oldest]);
    const third = routeOf({ connection: 3, origin: originOf(3) });
    assertEqual(await desk.enter(third, { maxDevices: 2 }), [oldest], "who was displaced");
  });

  it(`P2: renews, finds and releases ${MANY} routes in one call each`, async (stage) => {
    const desk = await stage.desk();
    const [routes, later] = [manyRoutes(NODES.a.epoch), manyRoutes("later")];
    await desk.renew(routes);
    await desk.renew(later);
    const found = await desk.locate(userIdsOf(routes));
    assertEqual(found.size, MANY, "how many users were found");
    for (const route of later) assertEqual(found.get(route.userId)?.[0]?.node.epoch, "later", "the epoch of a route");
    await desk.release(later);
    assertEqual((await desk.locate(userIdsOf(routes))).size, 0, "how many are left");
  });

  it("empty lists are no error", async (stage) => {
    const desk = await stage.desk();
    await desk.renew([]);
    await desk.release([]);
  });

  it("S26: users whose ids have a meaning to somebody are users like any other", async (stage) => {
    const desk = await stage.desk();
    const ids = [...new Set([...ODD_IDS, ...NEAR_TWINS.flat()])];
    const routes = ids.map((userId, n) => routeOf({ userId, connection: n + 1 }));
    for (const route of routes) await desk.enter(route, { policy: "single" });
    const found = await desk.locate(ids);
    assertEqual(found.size, ids.length, "how many users were found");
    for (const route of routes) await desk.assertRoutes(route.userId, [route]);
    for (const route of routes) {
      await desk.release([route]);
      await desk.assertRoutes(route.userId, []);
    }
  });

  it("S26: nodes whose ids and epochs have a meaning to somebody are nodes like any other", async (stage) => {
    const desk = await stage.desk();
    const nodes = ODD_IDS.map((id, n) => ({ id, epoch: ODD_IDS[ODD_IDS.length - 1 - n] ?? "" }));
    const routes = nodes.map((node, n) => routeOf({ node, origin: originOf(n) }));
    await desk.renew(routes);
    await desk.assertRoutes("ada", routes);
    for (const route of routes) await desk.release([route]);
    await desk.assertRoutes("ada", []);
  });
};
