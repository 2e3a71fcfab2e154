import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Front } from "../../../../scripts/chaos/lines/front.js";
import { realClock } from "../../../../scripts/chaos/lines/line-clock.js";
import { Caller } from "./echo.js";

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** A node that says whether it is ready, and to everybody else its name. */
class FakeNode {
  isReady = true;
  readonly name: string;
  readonly port: number;

  private constructor(name: string, port: number) {
    this.name = name;
    this.port = port;
  }

  static async serve(name: string): Promise<FakeNode> {
    const server = createServer((request, response) => {
      if (request.url === "/ready") response.writeHead(node.isReady ? 200 : 503).end();
      else response.end(name);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const node = new FakeNode(name, (server.address() as AddressInfo).port);
    node.stop = () => {
      server.closeAllConnections();
      server.close();
    };
    onTestFinished(() => node.stop());
    return node;
  }

  stop = (): void => {};
}

async function frontOf(...nodes: readonly FakeNode[]): Promise<Front> {
  const front = await Front.open(
    0,
    nodes,
    realClock(() => 0),
  );
  onTestFinished(() => front.close());
  await eventually(() => expect(nodes.every(({ name, isReady }) => front.isReady(name) === isReady)).toBe(true));
  return front;
}

/** Over a connection of its own. */
async function who(front: Front): Promise<string | null> {
  const caller = new Caller(Number(new URL(front.url).port));
  caller.says("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
  await eventually(() => expect(caller.isAllHeard).toBe(true));
  caller.socket.end();
  return caller.heard.split("\r\n\r\n")[1]?.replaceAll(/[^a-z]/g, "") ?? null;
}

describe("the front", () => {
  it("sends newcomers to one ready node after the other", async () => {
    const front = await frontOf(await FakeNode.serve("a"), await FakeNode.serve("b"));
    const served = [await who(front), await who(front), await who(front), await who(front)];
    expect([...served].sort()).toEqual(["a", "a", "b", "b"]);
  });

  it("sends nobody to a node that says it is not ready, until it is", async () => {
    const [a, b] = [await FakeNode.serve("a"), await FakeNode.serve("b")];
    b.isReady = false;
    const front = await frontOf(a, b);
    expect([await who(front), await who(front), await who(front)]).toEqual(["a", "a", "a"]);
    b.isReady = true;
    await eventually(() => expect(front.isReady("b")).toBe(true));
    expect(new Set([await who(front), await who(front)])).toEqual(new Set(["a", "b"]));
  });

  it("asks the next when one refuses, although it was ready a moment ago", async () => {
    const [a, b] = [await FakeNode.serve("a"), await FakeNode.serve("b")];
    const front = await frontOf(a, b);
    a.stop();
    expect([await who(front), await who(front)]).toEqual(["b", "b"]);
  });

  it("breaks a connection when nobody is ready", async () => {
    const a = await FakeNode.serve("a");
    a.isReady = false;
    const caller = new Caller(Number(new URL((await frontOf(a)).url).port));
    await eventually(() => expect(caller.ended).toBe("broken"));
  });

  it("knows to which node the connection of a client leads", async () => {
    const front = await frontOf(await FakeNode.serve("a"));
    const caller = new Caller(Number(new URL(front.url).port));
    await eventually(() => expect(front.nodeOf(caller.socket.localPort ?? 0)).toBe("a"));
    expect(front.passages("a").length).toBe(1);
  });

  it("makes the weather of one edge, for those who are on it, and sends newcomers elsewhere while it is cut", async () => {
    const front = await frontOf(await FakeNode.serve("a"), await FakeNode.serve("b"));
    const callers = [0, 1].map(() => new Caller(Number(new URL(front.url).port)));
    await eventually(() => expect(front.passages().length).toBe(2));
    front.setEdge("a", { lost: "both" });
    for (const caller of callers) caller.says("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await eventually(() => expect(callers.map(({ heard }) => heard).join("")).toContain("b"));
    expect(callers.filter(({ heard }) => heard !== "").length).toBe(1);
    expect([await who(front), await who(front)]).toEqual(["b", "b"]);
    front.heal();
    await eventually(() => expect(callers.every(({ heard }) => heard !== "")).toBe(true));
  });
});
