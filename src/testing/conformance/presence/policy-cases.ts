import type { DevicePolicy, Route } from "../../../adapters/contracts/presence.js";
import { assertEqual } from "../assert.js";
import { sorted } from "./presence-desk.js";
import type { PresenceCases, PresenceStage } from "./presence-stage.js";
import { LIVE, NODES, originOf, routeOf } from "./test-routes.js";

const phone = routeOf();
const tablet = routeOf({ node: NODES.b, connection: 7, origin: originOf(2), deviceKind: "tablet" });
const secondPhone = routeOf({ node: NODES.b, connection: 8, origin: originOf(3) });
/** What is left of the phone is on another node. */
const phoneAgain = routeOf({ node: NODES.b, connection: 2 });

/** Enters all of `routes` one by one, and throws unless the last displaces exactly `displaced` and the book is right afterwards. */
async function displaces(
  stage: PresenceStage,
  policy: DevicePolicy,
  routes: readonly Route[],
  displaced: readonly Route[],
  maxDevices = 50,
): Promise<void> {
  const desk = await stage.desk();
  const newcomer = routes.at(-1) as Route;
  for (const route of routes.slice(0, -1)) await desk.enter(route, { live: LIVE });
  const gone = await desk.enter(newcomer, { policy, maxDevices, live: LIVE });
  assertEqual(sorted(gone), sorted(displaced), "who was displaced");
  await desk.assertRoutes(
    "ada",
    routes.filter((route) => !displaced.includes(route)),
  );
}

async function refuses(
  stage: PresenceStage,
  known: readonly Route[],
  newcomer: Route,
  policy: DevicePolicy,
): Promise<void> {
  const desk = await stage.desk();
  for (const route of known) await desk.enter(route, { live: LIVE });
  assertEqual(await desk.claim(newcomer, { policy, live: LIVE }), { granted: false }, "the answer");
  await desk.assertRoutes("ada", known);
}

/** Who replaces whom. */
export const policyCases: PresenceCases = (it) => {
  it("multi: keeps every device", (stage) => displaces(stage, "multi", [phone, tablet, secondPhone], []));

  it("multi: keeps also what is left of the newcomer's own installation, while there is room", (stage) =>
    displaces(stage, "multi", [phone, phoneAgain], []));

  it("multi: the oldest goes when there are too many devices", (stage) =>
    displaces(stage, "multi", [phone, tablet, secondPhone], [phone], 2));

  it("multi: what is left of the newcomer's own installation goes before the oldest", (stage) =>
    displaces(stage, "multi", [tablet, phone, phoneAgain], [phone], 2));

  it("multi: as many go as there are too many", (stage) =>
    displaces(stage, "multi", [tablet, secondPhone, phone, phoneAgain], [phone, tablet, secondPhone], 1));

  it("one-per-device-kind: replaces the same kind only", (stage) =>
    displaces(stage, "one-per-device-kind", [phone, tablet, secondPhone], [phone]));

  it("one-per-device-kind: what is replaced does not count as too many", (stage) =>
    displaces(stage, "one-per-device-kind", [tablet, phone, secondPhone], [phone], 2));

  it("one-per-device-kind: the oldest of other kinds goes when there are too many devices", (stage) =>
    displaces(stage, "one-per-device-kind", [tablet, phone, secondPhone], [tablet, phone], 1));

  it("P6: single: replaces every other", (stage) =>
    displaces(stage, "single", [phone, tablet, secondPhone], [phone, tablet]));

  it("P6: single: the newest wins, also against its own installation", (stage) =>
    displaces(stage, "single", [phone, phoneAgain], [phone]));

  it("reject-new: lets the first in", (stage) => displaces(stage, "reject-new", [phone], []));

  it("reject-new: refuses another installation and changes nothing", (stage) =>
    refuses(stage, [phone], tablet, "reject-new"));

  it("reject-new: refuses the same kind of device of another installation", (stage) =>
    refuses(stage, [phone], secondPhone, "reject-new"));

  it("reject-new: lets an installation replace what is left of itself", (stage) =>
    displaces(stage, "reject-new", [phone, phoneAgain], [phone]));

  it("reject-new: refuses an installation while another is there besides what is left of itself", (stage) =>
    refuses(stage, [phone, tablet], phoneAgain, "reject-new"));

  for (const policy of ["single", "reject-new", "one-per-device-kind"] as const) {
    it(`${policy}: refuses a claim that was held up until its installation came back on a younger connection`, (stage) =>
      refuses(stage, [routeOf({ connection: 9 })], routeOf({ connection: 4 }), policy));
  }

  it("multi: keeps a younger connection of the installation of a claim that was held up", (stage) =>
    displaces(stage, "multi", [routeOf({ connection: 9 }), routeOf({ connection: 4 })], []));

  it("keeps users apart", async (stage) => {
    const desk = await stage.desk();
    await desk.enter(phone);
    assertEqual(
      await desk.enter({ ...tablet, userId: "bob" }, { policy: "single", live: LIVE }),
      [],
      "who was displaced",
    );
    await desk.assertRoutes("ada", [phone]);
  });
};
