import { assertEqual, assertThat, assertThrows } from "../assert.js";
import type { NodeRpcCases } from "./rpc-stage.js";

/** `start` and `close`. */
export const lifecycleCases: NodeRpcCases = (it) => {
  it("P13: every node has an address of its own, known after start", async (stage) => {
    const early = await stage.newPeer();
    assertEqual(early.rpc.address, "", "the address before start");
    const peers = [await stage.peer(), await stage.peer(), await stage.peer()];
    const addresses = new Set(peers.map(({ rpc }) => rpc.address));
    assertThat(addresses.size === peers.length && !addresses.has(""), "the addresses differ");
  });

  it("starts twice without harm, at one address, and tells that it is up", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    const { address } = b.rpc;
    await stage.start(b);
    assertEqual(b.rpc.address, address, "the address");
    await stage.send(a, b.info, Uint8Array.of(1));
    await stage.patience.until("it is up", () => b.conditions.at(-1)?.state === "up");
  });

  it("a bind after start throws, and what runs keeps its host", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    const stranger = { id: b.id, receive: () => undefined, deliver: () => false, onCondition: () => undefined };
    assertThrows(() => b.rpc.bind(stranger), "bind after start");
    await stage.send(a, b.info, Uint8Array.of(1));
    assertEqual(b.batches.length, 1, "batches that came");
  });

  it("an address that another node has cannot be had before that one has closed", async (stage) => {
    const [holder, other] = [await stage.peer(), await stage.peer()];
    const late = await stage.newPeer(holder.rpc.address);
    await stage.patience.rejects("start", () => late.rpc.start(), "operation_failed");
    await stage.close(holder);
    await stage.start(late);
    await stage.send(other, late.info, Uint8Array.of(1));
  });

  it("send before start and after close rejects with unavailable", async (stage) => {
    const [peer, other] = [await stage.newPeer(), await stage.peer()];
    await stage.sendFails(peer, other.info);
    await stage.start(peer);
    await stage.close(peer);
    await stage.sendFails(peer, other.info);
    assertEqual(other.batches.length, 0, "batches that arrived");
  });

  it("closes twice and before start without harm, and stays closed", async (stage) => {
    const [early, peer, other] = [await stage.newPeer(), await stage.peer(), await stage.peer()];
    await stage.close(early);
    await stage.patience.for("a start after close settles", Promise.allSettled([early.rpc.start()]));
    await stage.sendFails(early, other.info);
    await Promise.all([stage.close(peer), stage.close(peer)]);
    await stage.close(peer);
  });

  it("settles what is under way when either end closes", async (stage) => {
    const [a, b, c] = [await stage.peer(), await stage.peer(), await stage.peer()];
    await stage.send(a, b.info, Uint8Array.of(1));
    const sends = Promise.allSettled([
      a.rpc.send(b.info, new Uint8Array(1_000_000)),
      b.rpc.send(c.info, Uint8Array.of(2)),
    ]);
    await stage.close(b);
    await stage.patience.for("every send settles", sends, 3_000);
  });
};
