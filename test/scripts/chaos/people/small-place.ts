import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createImServer, type ImServer } from "shyim";
import { createHttpApi, createNodeHandler } from "shyim/http";
import { Front } from "../../../../scripts/chaos/lines/front.js";
import { realClock } from "../../../../scripts/chaos/lines/line-clock.js";
import type { NodeEvent, Place } from "../../../../scripts/chaos/people/place.js";
import { keyIdOf } from "../../../../scripts/chaos/people/token-desk.js";
import type { Storage } from "../../../../src/adapters/contracts/index.js";
import { memoryHub } from "../../../../src/adapters/memory/hub/memory-hub.js";
import { eventually } from "../../../e2e/stage.js";

const TOKEN_KEY = "a secret of forty characters for a test!";
const NAMES = ["a", "b"];
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface SmallNode {
  readonly name: string;
  readonly im: ImServer;
  readonly http: Server;
  readonly url: string;
  readonly isUp: boolean;
}

/** Two nodes on a memory hub behind a real load balancer, in this process. */
export class SmallPlace implements Place {
  readonly tokenKey = TOKEN_KEY;
  readonly storage: Storage;
  readonly nodes: readonly SmallNode[];
  readonly front: Place["front"];
  readonly #front: Front;
  readonly #disturbed: ((port: number, isDisturbed: boolean) => void)[] = [];
  readonly #changed: ((node: number, what: NodeEvent) => void)[] = [];

  private constructor(storage: Storage, nodes: readonly SmallNode[], front: Front) {
    this.storage = storage;
    this.nodes = nodes;
    this.#front = front;
    this.front = {
      url: front.url,
      nodeOf: (port) => nodes.findIndex(({ name }) => name === front.nodeOf(port)),
      onDisturbed: (listener) => void this.#disturbed.push(listener),
    };
  }

  static async open(): Promise<SmallPlace> {
    const hub = memoryHub();
    const storage = hub.storage();
    await storage.start();
    const nodes = await Promise.all(NAMES.map((name) => openNode(name, hub)));
    const targets = nodes.map(({ name, http }) => ({ name, port: (http.address() as AddressInfo).port }));
    const front = await Front.open(0, targets, realClock(Math.random));
    await eventually(() => NAMES.every((name) => front.isReady(name)), "both nodes are ready");
    return new SmallPlace(storage, nodes, front);
  }

  onNode(listener: (node: number, what: NodeEvent) => void): void {
    this.#changed.push(listener);
  }

  tellNode(node: number, what: NodeEvent): void {
    for (const listener of this.#changed) listener(node, what);
  }

  tellDisturbed(port: number, isDisturbed: boolean): void {
    for (const listener of this.#disturbed) listener(port, isDisturbed);
  }

  /** Breaks every connection of a client. */
  breakAll(): void {
    for (const passage of this.#front.passages()) passage.reset();
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map(({ im }) => im.close({ graceMs: 500 })));
    await this.#front.close();
    for (const { http } of this.nodes) {
      http.close();
      http.closeAllConnections();
    }
    await this.storage.close();
  }
}

async function openNode(name: string, hub: ReturnType<typeof memoryHub>): Promise<SmallNode> {
  const im = createImServer({
    accounts: { keys: [{ id: keyIdOf(TOKEN_KEY), secret: TOKEN_KEY }] },
    storage: hub.storage(),
    discovery: hub.discovery(),
    presence: hub.presence(),
    rpc: hub.rpc(),
    queue: hub.queue(),
    limits: { unauthenticatedPerAddress: 1_000 },
    logger: silent,
  });
  const api = createNodeHandler(createHttpApi(im));
  const http = createServer((request, response) => {
    if (request.url === "/ready") response.end();
    else void api(request, response);
  });
  im.attach(http);
  await im.start();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { name, im, http, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, isUp: true };
}
