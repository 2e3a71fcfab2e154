/** Kinds of active resources that an adapter could forget to give back. */
const HANDLES = ["TCPSocketWrap", "TCPServerWrap", "PipeWrap", "TLSWrap", "Timeout"];

/** How many handles hold this process up. */
export function countHandles(): number {
  return process.getActiveResourcesInfo().filter((kind) => HANDLES.includes(kind)).length;
}
