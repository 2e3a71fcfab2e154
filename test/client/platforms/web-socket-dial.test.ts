import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { nodePlatform } from "../../../src/client/platforms/node.js";
import { webSocketDial } from "../../../src/client/platforms/web-socket-dial.js";

/** Collects what a socket tells, one line per event; `next` waits for one more. */
function listener() {
  const told: string[] = [];
  let more: () => void = () => {};
  const tell = (line: string) => {
    told.push(line);
    more();
  };
  return {
    told,
    onOpen: () => tell("open"),
    onFrame: (bytes: Uint8Array) => tell(`frame ${[...bytes].join(",")}`),
    onClosed: (code: number) => tell(`closed ${code}`),
    until: async (count: number) => {
      while (told.length < count) {
        await new Promise<void>((resolve) => {
          more = resolve;
        });
      }
    },
  };
}

describe("sockets of the client", () => {
  let server: WebSocketServer;
  let url: string;

  beforeEach(async () => {
    server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  const ways = [
    ["the usual constructor of Node", nodePlatform().dial],
    ["a constructor of one's own", webSocketDial(async () => WebSocket)],
  ] as const;

  it.each(ways)("carry binary messages both ways with %s, and tell the close code", async (_name, dial) => {
    server.on("connection", (peer) => {
      peer.on("message", (data: Buffer) => {
        peer.send(Buffer.concat([data, data]));
        peer.close(4410);
      });
    });
    const heard = listener();
    const socket = dial(url, heard);
    await heard.until(1);
    socket.send(Uint8Array.of(1, 2));
    await heard.until(3);
    expect(heard.told).toEqual(["open", "frame 1,2,1,2", "closed 4410"]);
  });

  it.each(ways)("tell a refused connection as a close with %s", async (_name, dial) => {
    const heard = listener();
    dial("ws://127.0.0.1:1/", heard);
    await heard.until(1);
    expect(heard.told).toEqual(["closed 1006"]);
  });

  it.each(ways)("can be closed before they are open with %s", async (_name, dial) => {
    const heard = listener();
    const socket = dial(url, heard);
    socket.close(1000, "");
    socket.send(Uint8Array.of(1));
    await heard.until(1);
    expect(heard.told).toEqual(["closed 1006"]);
  });

  it("tell a text message as an empty frame, which no frame is", async () => {
    server.on("connection", (peer) => peer.send("text"));
    const heard = listener();
    nodePlatform().dial(url, heard);
    await heard.until(2);
    expect(heard.told).toEqual(["open", "frame "]);
  });

  it("tell a constructor that cannot be loaded as a close", async () => {
    const heard = listener();
    webSocketDial(() => Promise.reject(new Error("no such package")))(url, heard);
    await heard.until(1);
    expect(heard.told).toEqual(["closed 1006"]);
  });

  it("tell a constructor that throws as a close", async () => {
    class Throwing {
      constructor() {
        throw new SyntaxError("bad url");
      }
    }
    const heard = listener();
    webSocketDial(async () => Throwing as unknown as typeof WebSocket)(url, heard);
    await heard.until(1);
    expect(heard.told).toEqual(["closed 1006"]);
  });
});
