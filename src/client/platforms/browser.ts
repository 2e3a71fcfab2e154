import type { ClientPlatform } from "../contracts.js";
import type { WebSocketConstructor } from "../web-socket.js";
import { systemRuntime } from "./system-runtime.js";
import { webSocketDial } from "./web-socket-dial.js";

/** A page or a worker of a browser. @param Socket default: the built-in `WebSocket` */
export function browserPlatform(Socket: WebSocketConstructor = WebSocket): ClientPlatform {
  return { runtime: browserRuntime(), dial: webSocketDial(async () => Socket), onWake };
}

function browserRuntime() {
  return systemRuntime({
    set: (run, delayMs) => setTimeout(run, delayMs),
    clear: (handle) => clearTimeout(handle),
    endOfTurn: (run) => void setTimeout(run, 0),
  });
}

/** The network is back, or somebody looks at the page again. */
function onWake(wake: () => void): () => void {
  const seen = (): void => {
    if (document.visibilityState === "visible") wake();
  };
  globalThis.addEventListener("online", wake);
  globalThis.document?.addEventListener("visibilitychange", seen);
  return () => {
    globalThis.removeEventListener("online", wake);
    globalThis.document?.removeEventListener("visibilitychange", seen);
  };
}
