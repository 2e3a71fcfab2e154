import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "../../../src/testing/fakes/random.js";
import { Front } from "../lines/front.js";
import { realClock } from "../lines/line-clock.js";
import { bundleNode } from "./bundle-node.js";
import { insist } from "./insist.js";
import { nodeEnvironment } from "./node-environment.js";
import { FRONT_PORT, NODE_NAMES, type NodeName, portsOf } from "./ports.js";
import { askDatabase, createNodeUsers } from "./site-database.js";
import { createEngines, type SiteEngines } from "./site-engines.js";
import { SiteLines } from "./site-lines.js";
import { SiteNode } from "./site-node.js";

const LOOK_EVERY_MS = 100;
const READY_WITHIN_MS = 60_000;
const DRAIN_GRACE_MS = 10_000;

/** How to make a site. */
export interface SiteSettings {
  /** Decides jitter. */
  readonly seed: number;
  /** Hears what is under way, a line each. */
  readonly say: (line: string) => void;
  /** What a second device means. Default `multi`. */
  readonly devicePolicy?: string;
  /** More environment of the nodes. */
  readonly environment?: Readonly<Record<string, string>>;
}

interface SiteParts {
  readonly lines: SiteLines;
  readonly engines: SiteEngines;
  readonly front: Front;
  readonly nodes: readonly SiteNode[];
  readonly folder: string;
  readonly tokenKey: string;
  readonly crashes: string[];
}

/** Three nodes, what they use, and lines of ours wherever two of them meet: all on this machine, gone after `close`. */
export class Site {
  readonly lines: SiteLines;
  readonly engines: SiteEngines;
  readonly front: Front;
  readonly nodes: readonly SiteNode[];
  /** Signs the tokens of all nodes. */
  readonly tokenKey: string;
  /** Ends of nodes that nobody had wanted, in words. */
  readonly crashes: readonly string[];
  readonly #folder: string;
  readonly #onExit = (): void => this.#abandon();

  private constructor({ lines, engines, front, nodes, folder, tokenKey, crashes }: SiteParts) {
    this.lines = lines;
    this.engines = engines;
    this.front = front;
    this.nodes = nodes;
    this.tokenKey = tokenKey;
    this.crashes = crashes;
    this.#folder = folder;
    process.once("exit", this.#onExit);
  }

  /** Resolves when all nodes are ready. Rejects when something of it cannot be had here, and nothing is left then. */
  static async start(settings: SiteSettings): Promise<Site> {
    const random = new SeededRandom(settings.seed);
    const clock = realClock(() => random.unit());
    const lines = await SiteLines.open(clock);
    const engines = await createEngines(settings.say).catch(async (error) => {
      await lines.close();
      throw error;
    });
    const targets = NODE_NAMES.map((name) => ({ name, port: portsOf(name).clients }));
    const front = await Front.open(FRONT_PORT, targets, clock);
    const folder = mkdtempSync(join(tmpdir(), "shyim-chaos-"));
    const tokenKey = Buffer.from(random.bytes(32)).toString("base64url");
    const crashes: string[] = [];
    const nodes = makeNodes(await bundleNode(), { folder, tokenKey, crashes, settings });
    const site = new Site({ lines, engines, front, nodes, folder, tokenKey, crashes });
    try {
      await site.#open(settings.say);
      return site;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  /** The database itself, as its root, past every line. */
  get storageUrl(): string {
    return this.engines.mariadb.url;
  }

  /** The node of this name. */
  node(name: string): SiteNode {
    const node = this.nodes.find((each) => each.name === name);
    if (node === undefined) throw new Error(`there is no node ${name}: choose among ${NODE_NAMES.join(", ")}`);
    return node;
  }

  /** Where the log of a node is. */
  logOf(name: string): string {
    return logIn(this.#folder, name);
  }

  /** Fair weather, and every engine and node serves, whatever has happened. Resolves when all nodes are ready. */
  async heal(): Promise<void> {
    this.lines.heal();
    this.front.heal();
    for (const node of this.nodes) node.continue();
    await Promise.all(Object.values(this.engines).map((engine) => engine.heal()));
    await insist(() => askDatabase(this.storageUrl, ["SET GLOBAL read_only = 0"]));
    await Promise.all(this.nodes.map((node) => node.heal()));
    await this.ready();
  }

  /** Resolves when the load balancer sends newcomers to every node. Rejects after a minute. */
  async ready(): Promise<void> {
    const endsAt = performance.now() + READY_WITHIN_MS;
    for (;;) {
      const missing = NODE_NAMES.filter((name) => !this.front.isReady(name));
      if (missing.length === 0) return;
      if (performance.now() > endsAt) throw new Error(`not ready within a minute: node ${missing.join(", ")}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Ends every process by its pid and takes all data away. */
  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.front.close();
    await this.lines.close();
    await Promise.all(Object.values(this.engines).map((engine) => engine.end()));
    rmSync(this.#folder, { recursive: true, force: true });
    process.off("exit", this.#onExit);
  }

  async #open(say: (line: string) => void): Promise<void> {
    await createNodeUsers(this.storageUrl);
    // The first one makes the tables, so that the others find them.
    for (const node of this.nodes) {
      await node.start();
      say(`node ${node.name}: serves`);
    }
    await this.ready();
  }

  #abandon(): void {
    for (const node of this.nodes) node.abandon();
    for (const engine of Object.values(this.engines)) engine.abandon();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface NodeMaking {
  readonly folder: string;
  readonly tokenKey: string;
  readonly crashes: string[];
  readonly settings: SiteSettings;
}

function makeNodes(program: string, { folder, tokenKey, crashes, settings }: NodeMaking): SiteNode[] {
  const { devicePolicy = "multi", environment: more = {}, say } = settings;
  return NODE_NAMES.map((name: NodeName) => {
    const { clients, rpc, lines } = portsOf(name);
    return new SiteNode({
      name,
      program,
      environment: nodeEnvironment(name, { tokenKey, devicePolicy, drainGraceMs: DRAIN_GRACE_MS, more }),
      url: `http://127.0.0.1:${lines.clients}`,
      port: clients,
      rpcPort: rpc,
      drainGraceMs: DRAIN_GRACE_MS,
      log: logIn(folder, name),
      onCrash: (how) => {
        crashes.push(`node ${name} ended by itself with ${how}`);
        say(`node ${name}: ended by itself with ${how}`);
      },
    });
  });
}

const logIn = (folder: string, name: string): string => join(folder, `node-${name}.log`);
