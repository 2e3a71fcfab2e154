import type { ClientPlatform } from "../contracts.js";
import type { WebSocketConstructor } from "../web-socket.js";
import { systemRuntime } from "./system-runtime.js";
import { webSocketDial } from "./web-socket-dial.js";

/** A Node process. @param given default: the built-in `WebSocket`, before Node 22 the one of the `ws` package */
export function nodePlatform(given?: WebSocketConstructor): ClientPlatform {
  return { runtime: nodeRuntime(), dial: webSocketDial(async () => given ?? builtIn() ?? (await fromPackage())) };
}

/** A client that waits for its next try keeps the process alive, as an open socket does; `close()` ends both. */
function nodeRuntime() {
  return systemRuntime({
    set: (run, delayMs) => setTimeout(run, delayMs),
    clear: (handle) => clearTimeout(handle),
    endOfTurn: (run) => void setImmediate(run),
  });
}

function builtIn(): WebSocketConstructor | undefined {
  return (globalThis as { readonly WebSocket?: WebSocketConstructor }).WebSocket;
}

async function fromPackage(): Promise<WebSocketConstructor> {
  const { WebSocket } = await import("ws");
  return WebSocket;
}
