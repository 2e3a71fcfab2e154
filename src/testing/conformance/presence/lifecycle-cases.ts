import { assertEqual, assertThrows } from "../assert.js";
import type { PresenceCases } from "./presence-stage.js";
import { routeOf } from "./test-routes.js";

/** `start` and `close`. */
export const lifecycleCases: PresenceCases = (it) => {
  it("starts twice without harm, and tells that it is up", async (stage) => {
    const desk = await stage.desk();
    await stage.start(desk);
    await desk.enter(routeOf());
    await desk.assertRoutes("ada", [routeOf()]);
    await stage.patience.until("it is up", () => desk.state === "up");
  });

  it("a bind after start throws, and what runs keeps its host", async (stage) => {
    const desk = await stage.desk();
    let strays = 0;
    assertThrows(() => desk.presence.bind({ onCondition: () => strays++ }), "bind after start");
    await stage.patience.until("it is up", () => desk.state === "up");
    await desk.enter(routeOf());
    assertEqual(strays, 0, "conditions told to the other");
  });

  it("every call before start and after close rejects with unavailable", async (stage) => {
    const desk = await stage.newDesk();
    await desk.assertAllReject(routeOf(), "unavailable");
    await stage.start(desk);
    await stage.close(desk);
    await desk.assertAllReject(routeOf(), "unavailable");
  });

  it("closes twice and before start without harm, and stays closed", async (stage) => {
    const [early, desk] = [await stage.newDesk(), await stage.desk()];
    await stage.close(early);
    await stage.start(early);
    await early.assertAllReject(routeOf(), "unavailable");
    await Promise.all([stage.close(desk), stage.close(desk)]);
    await stage.close(desk);
  });

  it("keeps what a node wrote when the node closes without releasing it", async (stage) => {
    const [a, b] = [await stage.desk(), await stage.desk()];
    await a.enter(routeOf());
    await stage.close(a);
    await b.assertRoutes("ada", [routeOf()]);
  });

  it("settles calls under way when it closes", async (stage) => {
    const desk = await stage.desk();
    const calls = Array.from({ length: 20 }, (_, connection) => desk.claim(routeOf({ connection })));
    const settled = Promise.allSettled(calls);
    await stage.close(desk);
    await stage.patience.for("every call settles", settled);
  });
};
