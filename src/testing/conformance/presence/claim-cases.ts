import { assertEqual, assertThat, present } from "../assert.js";
import { sorted } from "./presence-desk.js";
import type { PresenceCases } from "./presence-stage.js";
import { LIVE, NODES, originOf, routeOf } from "./test-routes.js";

/** Claims that meet each other, and claims that meet what is dead. */
export const claimCases: PresenceCases = (it) => {
  it("P3: of two claims at once one comes second, and replaces the other", async (stage) => {
    const desks = [await stage.desk(), await stage.desk()] as const;
    for (let round = 0; round < 20; round++) {
      const userId = `user-${round}`;
      const routes = [routeOf({ userId }), routeOf({ userId, node: NODES.b, origin: originOf(2) })] as const;
      const [first, second] = await Promise.all([
        desks[0].enter(routes[0], { policy: "single", live: LIVE }),
        desks[1].enter(routes[1], { policy: "single", live: LIVE }),
      ]);
      assertEqual(first.length + second.length, 1, "how many were displaced");
      await desks[0].assertRoutes(userId, [second.length === 1 ? routes[1] : routes[0]]);
    }
  });

  it("P3: of many first claims at once under reject-new exactly one is granted", async (stage) => {
    const desks = [await stage.desk(), await stage.desk()] as const;
    const claims = Array.from({ length: 20 }, (_, n) => {
      const route = routeOf({ node: LIVE[n % 2] ?? NODES.a, connection: n, origin: originOf(n) });
      return desks[n % 2 === 0 ? 0 : 1].claim(route, { policy: "reject-new", live: LIVE });
    });
    const granted = (await Promise.all(claims)).filter((claim) => claim.granted);
    assertEqual(granted.length, 1, "how many were granted");
  });

  it("P3: of many claims at once exactly as many stay as may, and every other was displaced once", async (stage) => {
    const desks = [await stage.desk(), await stage.desk()] as const;
    const routes = Array.from({ length: 20 }, (_, n) => routeOf({ connection: n, origin: originOf(n) }));
    const claims = routes.map((route, n) => desks[n % 2 === 0 ? 0 : 1].enter(route, { maxDevices: 3 }));
    const displaced = (await Promise.all(claims)).flat();
    const stayed = (await desks[0].locate(["ada"])).get("ada") ?? [];
    assertEqual(stayed.length, 3, "how many stayed");
    assertEqual(sorted([...stayed, ...displaced]), sorted(routes), "who stayed or was displaced");
  });

  it("P1: a route of a registration that does not live hinders nobody, and nobody is told to end it", async (stage) => {
    const desk = await stage.desk();
    await desk.enter(routeOf({ node: NODES.gone, origin: originOf(9) }));
    const route = routeOf();
    assertEqual(await desk.enter(route, { policy: "reject-new", live: LIVE }), [], "who was displaced");
    await desk.assertRoutes("ada", [route]);
  });

  it("P1: a route of an earlier registration of a node that lives hinders nobody", async (stage) => {
    const desk = await stage.desk();
    await desk.enter(routeOf({ node: { id: NODES.b.id, epoch: "earlier" }, connection: 5, origin: originOf(9) }));
    const route = routeOf();
    assertEqual(await desk.enter(route, { policy: "reject-new", live: LIVE }), [], "who was displaced");
    await desk.assertRoutes("ada", [route]);
  });

  it("P1: what is dead takes no device's place", async (stage) => {
    const desk = await stage.desk();
    const [dead, alive] = [
      routeOf({ node: NODES.gone, origin: originOf(9) }),
      routeOf({ connection: 2, origin: originOf(2) }),
    ];
    await desk.enter(dead);
    await desk.enter(alive, { live: LIVE });
    assertEqual(await desk.enter(routeOf(), { maxDevices: 2, live: LIVE }), [], "who was displaced");
    await desk.assertRoutes("ada", [alive, routeOf()]);
  });

  it("a claim that is repeated changes nothing", async (stage) => {
    const desk = await stage.desk();
    const other = routeOf({ node: NODES.b, connection: 2, origin: originOf(2) });
    await desk.enter(other, { live: LIVE });
    for (let times = 0; times < 2; times++) {
      assertEqual(await desk.enter(routeOf(), { maxDevices: 2, live: LIVE }), [], "who was displaced");
    }
    await desk.assertRoutes("ada", [other, routeOf()]);
  });

  it("a claim replaces what the same connection had under an earlier registration, and tells nobody", async (stage) => {
    const desk = await stage.desk();
    await desk.enter(routeOf());
    const route = routeOf({ node: { id: NODES.a.id, epoch: "later" } });
    assertEqual(await desk.enter(route, { policy: "single", live: LIVE }), [], "who was displaced");
    await desk.assertRoutes("ada", [route]);
  });

  it("what it answers is what was entered, to the last character", async (stage) => {
    const desk = await stage.desk();
    const deviceKind = 'π "quoted" {} , : \\ 手机'.padEnd(64, "k");
    const route = routeOf({ connection: Number.MAX_SAFE_INTEGER, origin: "ffffffffffffffff", deviceKind });
    await desk.enter(route, { live: LIVE });
    await desk.assertRoutes("ada", [route]);
    const [displaced] = await desk.enter(routeOf({ node: NODES.b, origin: originOf(2) }), {
      policy: "single",
      live: LIVE,
    });
    assertEqual(sorted([present(displaced, "the displaced route")]), sorted([route]), "the displaced route");
  });

  it("an empty kind of device is a kind like any other", async (stage) => {
    const desk = await stage.desk();
    await desk.enter(routeOf({ deviceKind: "" }), { live: LIVE });
    const second = routeOf({ connection: 2, origin: originOf(2), deviceKind: "" });
    const displaced = await desk.enter(second, { policy: "one-per-device-kind", live: LIVE });
    assertThat(displaced.length === 1, "it replaces the other one");
    await desk.assertRoutes("ada", [second]);
  });
};
