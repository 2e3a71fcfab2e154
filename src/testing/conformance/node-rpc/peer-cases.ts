import { assertBytes, assertEqual } from "../assert.js";
import type { NodeRpcCases } from "./rpc-stage.js";

/** Peers that are gone, away, or come again. */
export const peerCases: NodeRpcCases = (it) => {
  it("P9: a peer that has closed is unavailable", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    await stage.send(a, b.info, Uint8Array.of(1));
    const { info } = b;
    await stage.close(b);
    await stage.sendFails(a, info);
    await stage.sendFails(a, info);
    assertEqual(b.batches.length, 1, "batches that arrived");
  });

  it("P9: an address where nobody has ever listened is unavailable", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.newPeer()];
    for (const address of ["127.0.0.1:1", "no address at all", ""]) await stage.sendFails(a, { ...b.info, address });
  });

  it("P14: a peer that was forgotten can be spoken to again, also one that was never known", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    a.rpc.forget("never known");
    a.rpc.forget(b.id);
    await stage.send(a, b.info, Uint8Array.of(1));
    a.rpc.forget(b.id);
    a.rpc.forget(b.id);
    await stage.send(a, b.info, Uint8Array.of(2));
    assertEqual(b.batches.length, 2, "batches that arrived");
  });

  it("P13: a node that comes to the address of one that has gone is reached under its own name only", async (stage) => {
    const [a, gone] = [await stage.peer(), await stage.peer()];
    const { info } = gone;
    await stage.send(a, info, Uint8Array.of(1));
    await stage.close(gone);
    await stage.sendFails(a, info);
    const successor = await stage.peer(info.address);
    await stage.sendFails(a, info);
    assertEqual(successor.batches.length, 0, "batches for another that arrived");
    a.rpc.forget(gone.id);
    await stage.sendUntilTaken(a, successor.info, Uint8Array.of(3));
    assertBytes(successor.batches[0] ?? new Uint8Array(), Uint8Array.of(3), "the batch");
  });

  it(
    "P9: a peer that does not answer is unavailable within 1 s, and others are not held up",
    async (stage) => {
      const [a, silent, other] = [await stage.peer(), await stage.peer(), await stage.peer()];
      await stage.send(a, silent.info, Uint8Array.of(1));
      await silent.cut();
      const failing = stage.sendFails(a, silent.info);
      await stage.send(a, other.info, Uint8Array.of(2));
      await failing;
      await silent.heal();
      await stage.sendUntilTaken(a, silent.info, Uint8Array.of(3));
    },
    "cut",
  );

  it(
    "close resolves while a peer does not answer, and settles what is under way",
    async (stage) => {
      const [a, silent] = [await stage.peer(), await stage.peer()];
      await stage.send(a, silent.info, Uint8Array.of(1));
      await silent.cut();
      const sending = Promise.allSettled([a.rpc.send(silent.info, Uint8Array.of(2))]);
      await stage.close(a);
      await stage.patience.for("the send settles", sending, 3_000);
      await stage.close(silent);
    },
    "cut",
  );

  it(
    "P7: what a program of the original protocol brings reaches the host, and its answer comes back",
    async (stage) => {
      const peer = await stage.peer();
      peer.isConnected = (userId) => userId === "1001";
      assertEqual(
        await stage.deliver(peer.rpc.address, "1001", Uint8Array.of(8, 1)),
        true,
        "whether 1001 is connected",
      );
      assertEqual(await stage.deliver(peer.rpc.address, "1002", new Uint8Array()), false, "whether 1002 is connected");
      assertEqual(
        peer.delivered.map(({ userId }) => userId),
        ["1001", "1002"],
        "for whom something came",
      );
      assertBytes(peer.delivered[0]?.output ?? new Uint8Array(), Uint8Array.of(8, 1), "what came");
    },
    "deliver",
  );
};
