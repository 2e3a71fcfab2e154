import { assertEqual, assertThrows } from "../assert.js";
import type { DiscoveryCases } from "./discovery-stage.js";

/** `start`, `leave` and `close`, in any order. */
export const lifecycleCases: DiscoveryCases = (it) => {
  it("starts twice without harm and without a second registration", async (stage) => {
    const node = await stage.node();
    const { epoch } = node;
    await stage.start(node);
    const other = await stage.node();
    await stage.patience.until("the other is seen", () => node.knows(other) !== undefined);
    assertEqual(node.epoch, epoch, "the epoch");
  });

  it("a bind after start throws, and what runs keeps its host", async (stage) => {
    const node = await stage.node();
    const stranger = {
      id: "stranger",
      address: "10.0.0.99:9094",
      onView: () => undefined,
      onCondition: () => undefined,
    };
    assertThrows(() => node.discovery.bind(stranger), "bind after start");
    const other = await stage.node();
    await stage.patience.until("both are seen", () => node.knowsOnly([node, other]) && other.knowsOnly([node, other]));
    await stage.leave(node);
    await stage.patience.until("it has left", () => other.knowsOnly([other]));
  });

  it("closes twice and before start without harm", async (stage) => {
    const node = await stage.newNode();
    await stage.close(node);
    await stage.close(node);
    const other = await stage.node();
    await Promise.all([stage.close(other), stage.close(other)]);
    await stage.close(other);
  });

  it("may be started after it was closed, and stays closed", async (stage) => {
    const closed = await stage.node();
    await stage.close(closed);
    await stage.start(closed);
    const [watcher, other] = [await stage.node(), await stage.node()];
    await stage.patience.until("the other is seen", () => watcher.knows(other) !== undefined);
    assertEqual(watcher.knows(closed), undefined, "the closed one's registration");
  });

  it("may be closed while it starts, and leaves no registration", async (stage) => {
    const [watcher, node] = [await stage.node(), await stage.newNode()];
    const starting = node.discovery.start();
    await stage.close(node);
    await stage.patience.for("the start settles", Promise.allSettled([starting]));
    await stage.patience.until("no registration is left", () => watcher.knowsOnly([watcher]));
  });

  it("may leave before start, twice, and after close", async (stage) => {
    const node = await stage.newNode();
    await stage.leave(node);
    await stage.close(node);
    await stage.leave(node);
    const other = await stage.node();
    await stage.leave(other);
    await stage.leave(other);
  });

  it("tells that it is up", async (stage) => {
    const node = await stage.node();
    await stage.patience.until("it is up", () => node.state === "up");
  });
};
