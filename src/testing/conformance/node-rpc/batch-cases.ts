import { assertBytes, assertEqual } from "../assert.js";
import type { RecordedPeer } from "./recorded-peer.js";
import type { NodeRpcCases } from "./rpc-stage.js";

const MANY = 200;
const LARGEST_BYTES = 4 * 1024 * 1024;

const pattern = (length: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + seed) & 0xff);

const numbered = (sender: number, n: number): Uint8Array => Uint8Array.of(sender, n >> 8, n & 0xff);

const numbersFrom = (peer: RecordedPeer, sender: number): number[] =>
  peer.batches.filter(([from]) => from === sender).map(([, high = 0, low = 0]) => high * 256 + low);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Batches on their way. */
export const batchCases: NodeRpcCases = (it) => {
  it("P7: what one node sends another has, both ways, when send resolves", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    await stage.send(a, b.info, Uint8Array.of(0, 1, 127, 128, 255));
    assertBytes(b.batches[0] ?? new Uint8Array(), Uint8Array.of(0, 1, 127, 128, 255), "the bytes");
    await stage.send(b, a.info, Uint8Array.of(7));
    assertBytes(a.batches[0] ?? new Uint8Array(), Uint8Array.of(7), "the bytes of the way back");
  });

  it(`keeps ${MANY} batches to one peer in order`, async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    for (const n of upTo(MANY)) await stage.send(a, b.info, numbered(1, n));
    assertEqual(numbersFrom(b, 1), upTo(MANY), "the order");
  });

  it("P9: several peers send to one and one to several, side by side, each in order", async (stage) => {
    const peers = [await stage.peer(), await stage.peer(), await stage.peer(), await stage.peer()];
    const stream = async (from: RecordedPeer, to: RecordedPeer): Promise<void> => {
      for (const n of upTo(50)) await stage.send(from, to.info, numbered(peers.indexOf(from), n));
    };
    const pairs = peers.flatMap((from) => peers.filter((to) => to !== from).map((to) => [from, to] as const));
    await Promise.all(pairs.map(([from, to]) => stream(from, to)));
    for (const [from, to] of pairs)
      assertEqual(numbersFrom(to, peers.indexOf(from)), upTo(50), "the order from one peer");
  });

  it("a node may send to itself", async (stage) => {
    const peer = await stage.peer();
    await stage.send(peer, peer.info, Uint8Array.of(5));
    assertEqual(peer.batches.length, 1, "batches that arrived");
  });

  it("an empty batch is a batch", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    await stage.send(a, b.info, new Uint8Array());
    assertEqual(
      b.batches.map(({ length }) => length),
      [0],
      "the lengths of what arrived",
    );
  });

  it("a batch of 4 MiB arrives unchanged", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    const bytes = pattern(LARGEST_BYTES);
    await stage.send(a, b.info, bytes);
    const [arrived] = b.batches;
    assertEqual(arrived?.length, LARGEST_BYTES, "the length");
    assertEqual(
      arrived?.every((byte, i) => byte === bytes[i]),
      true,
      "whether every byte is the same",
    );
  });

  it("sends a view of a larger buffer as the view and nothing around it", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    await stage.send(a, b.info, Uint8Array.of(9, 9, 1, 2, 9, 9).subarray(2, 4));
    assertBytes(b.batches[0] ?? new Uint8Array(), Uint8Array.of(1, 2), "the bytes");
  });

  it("neither end can change what the other has", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    const bytes = pattern(1_000);
    b.whenReceived = (received) => received.fill(0);
    await stage.send(a, b.info, bytes);
    assertBytes(bytes, pattern(1_000), "the sender's bytes");
    bytes.fill(9);
    await stage.send(a, b.info, bytes);
    assertBytes(b.batches[0] ?? new Uint8Array(), pattern(1_000), "the first batch");
  });

  it("B4: a receiver that throws is told to the sender as operation_failed, and goes on", async (stage) => {
    const [a, b] = [await stage.peer(), await stage.peer()];
    b.whenReceived = () => {
      throw new Error("a receiver failed");
    };
    await stage.sendFails(a, b.info, "operation_failed");
    b.whenReceived = () => undefined;
    await stage.send(a, b.info, Uint8Array.of(2));
    assertEqual(b.batches.length, 2, "batches that arrived");
  });
};
