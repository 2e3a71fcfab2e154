import type { Uplink } from "../../../../src/adapters/contracts/index.js";

/** An uplink on its way to another process: one line. */
export function printUplink(uplink: Uplink): string {
  return JSON.stringify({ ...uplink, content: Buffer.from(uplink.content).toString("hex") });
}

/** The uplink of such a line. */
export function parseUplink(line: string): Uplink {
  const parts = JSON.parse(line) as Omit<Uplink, "content"> & { readonly content: string };
  return { ...parts, content: Uint8Array.from(Buffer.from(parts.content, "hex")) };
}
