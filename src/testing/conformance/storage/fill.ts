import type { StorageBench } from "./storage-bench.js";

/** Puts `count` messages of `bytes` bytes each into bob's inbox. */
export async function fill(bench: StorageBench, count: number, bytes: number): Promise<void> {
  const content = new Uint8Array(bytes).fill(0x61);
  await bench.commit(...Array.from({ length: count }, () => bench.uplink({ senderId: null, content })));
}
