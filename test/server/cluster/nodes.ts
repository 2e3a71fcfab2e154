import { onTestFinished } from "vitest";
import type { MemoryHub } from "../../../src/adapters/memory/hub/memory-hub.js";
import { memoryHub } from "../../../src/adapters/memory/hub/memory-hub.js";
import type { LoginFrame } from "../../../src/core/frames.js";
import { createImServer } from "../../../src/server/create-im-server.js";
import type { ImServer } from "../../../src/server/im-server.js";
import type { ImServerOptions } from "../../../src/server/options.js";
import { VirtualServerRuntime } from "../../../src/testing/fakes/virtual-server-runtime.js";
import { VirtualTime } from "../../../src/testing/fakes/virtual-time.js";
import { FakeSocket, FakeTransport } from "../fake-transport.js";
import { auth } from "../fixture.js";
import { login, RawClient } from "../raw-client.js";
import { HarmedPresence } from "./harmed-presence.js";

const quiet = () => {};
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** One server of a cluster. */
export class ClusterNode {
  readonly im: ImServer;
  /** Its way to the storage. */
  readonly link: ReturnType<MemoryHub["link"]>;
  /** Its way to the others: discovery, presence, rpc and queue. */
  readonly helpers: ReturnType<MemoryHub["link"]>;
  /** Its hand on the book of sessions. */
  readonly book: HarmedPresence;
  /** How others reach it. */
  readonly rpc: ReturnType<MemoryHub["rpc"]>;
  readonly transport: FakeTransport;
  readonly #time: VirtualTime;

  constructor(hub: MemoryHub, time: VirtualTime, seed: number, options: Partial<ImServerOptions>, withQueue: boolean) {
    const [link, helpers] = [hub.link(), hub.link()];
    this.#time = time;
    this.link = link;
    this.helpers = helpers;
    this.transport = new FakeTransport(time);
    this.rpc = hub.rpc(helpers);
    this.book = new HarmedPresence(hub.presence(helpers), time);
    const nodes = { discovery: hub.discovery(helpers), presence: this.book, rpc: this.rpc };
    const users = options.accounts === undefined ? { auth } : {};
    this.im = createImServer({
      ...users,
      logger,
      transport: this.transport,
      runtime: new VirtualServerRuntime(time, seed),
      storage: hub.storage(link),
      ...nodes,
      ...(withQueue ? { queue: hub.queue(helpers) } : {}),
      ...options,
    });
  }

  /** Its process ends without a word. */
  crash(): void {
    this.link.crash();
    this.helpers.crash();
  }

  /** A device of this library's own kind, signed in. */
  async device(userId: string, rest: Partial<LoginFrame> = {}): Promise<RawClient> {
    const client = new RawClient();
    const socket = this.transport.arrive("10.0.0.1", client);
    if (!(socket instanceof FakeSocket)) throw new Error(`turned away with ${socket.status}`);
    client.open(socket);
    client.send(login(userId, rest));
    await this.#time.advance(20);
    return client;
  }
}

/** Several servers that share a hub, on virtual time. */
export class ClusterStage {
  readonly time = new VirtualTime();
  readonly hub: MemoryHub;
  readonly nodes: ClusterNode[] = [];
  readonly #options: Partial<ImServerOptions>;
  readonly #withQueue: boolean;

  constructor(options: Partial<ImServerOptions> = {}, { withQueue = false } = {}) {
    this.hub = memoryHub({ runtime: new VirtualServerRuntime(this.time, 99) });
    this.#options = options;
    this.#withQueue = withQueue;
  }

  /** One more server, which runs. */
  async join(): Promise<ClusterNode> {
    const node = new ClusterNode(this.hub, this.time, this.nodes.length + 1, this.#options, this.#withQueue);
    this.nodes.push(node);
    await this.during(node.im.start());
    return node;
  }

  /** Lets `ms` pass and everything that is due happen. */
  run(ms = 20): Promise<void> {
    return this.time.advance(ms);
  }

  /** What `work` gives, while time goes on. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    work
      .catch(() => {})
      .finally(() => {
        isDone = true;
      });
    for (let waitedMs = 0; !isDone && waitedMs < 30_000; waitedMs += 10) await this.time.advance(10);
    return work;
  }
}

/** Two servers that know each other. */
export async function openPair(options: Partial<ImServerOptions> = {}, how: { readonly withQueue?: boolean } = {}) {
  const stage = new ClusterStage(options, how);
  const [left, right] = [await stage.join(), await stage.join()];
  await stage.run(1_000);
  onTestFinished(() => stage.during(Promise.all(stage.nodes.map(({ im }) => im.close({ graceMs: 0 })))).then(() => {}));
  return { stage, left, right };
}
