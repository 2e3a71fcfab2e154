import { readFileSync } from "node:fs";
import type { Weather } from "../lines/weather.js";
import type { Site } from "../site/site.js";
import type { NodeEvent, Place } from "./place.js";

const LOOK_EVERY_MS = 50;
/** Worse than this nobody can be judged by how long they wait. */
const BAD = { delayMs: 300, bytesPerSecond: 50_000, sliceBytes: 64 };

type NodeState = "gone" | "starting" | "up" | "frozen" | "leaving";

/** What people see of a site: it looks, again and again, how every connection and every process is. */
export class SitePlace implements Place {
  readonly nodes: Site["nodes"];
  readonly tokenKey: string;
  readonly front: Place["front"];
  readonly #site: Site;
  readonly #onDisturbed: ((port: number, isDisturbed: boolean) => void)[] = [];
  readonly #onNode: ((node: number, what: NodeEvent) => void)[] = [];
  readonly #bad = new Set<number>();
  readonly #states: { state: NodeState; pid: number | undefined }[];
  readonly #timer = setInterval(() => this.#look(), LOOK_EVERY_MS);

  constructor(site: Site) {
    this.#site = site;
    this.nodes = site.nodes;
    this.tokenKey = site.tokenKey;
    this.#states = site.nodes.map(({ pid }) => ({ state: "up", pid }));
    this.front = {
      url: site.front.url,
      nodeOf: (port) => this.#nodeOf(port),
      onDisturbed: (listener) => void this.#onDisturbed.push(listener),
    };
  }

  onNode(listener: (node: number, what: NodeEvent) => void): void {
    this.#onNode.push(listener);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #nodeOf(port: number): number | null {
    const index = this.nodes.findIndex(({ name }) => name === this.#site.front.nodeOf(port));
    return index < 0 ? null : index;
  }

  #look(): void {
    this.#lookAtConnections();
    for (const index of this.nodes.keys()) this.#lookAtNode(index);
  }

  #lookAtConnections(): void {
    const passages = this.#site.front.passages();
    const bad = new Set(passages.flatMap(({ weather, nearPort }) => (isBad(weather) ? (nearPort ?? []) : [])));
    for (const port of bad) if (!this.#bad.has(port)) this.#tellDisturbed(port, true);
    for (const port of this.#bad) if (!bad.has(port)) this.#tellDisturbed(port, false);
  }

  #tellDisturbed(port: number, isDisturbed: boolean): void {
    if (isDisturbed) this.#bad.add(port);
    else this.#bad.delete(port);
    for (const listener of this.#onDisturbed) listener(port, isDisturbed);
  }

  #lookAtNode(index: number): void {
    const node = this.nodes[index];
    const before = this.#states[index];
    if (node === undefined || before === undefined) return;
    const { pid } = node;
    // Another process in its place: the one before is gone, whether anybody has seen it or not.
    if (before.pid !== pid && before.pid !== undefined) this.#become(index, "gone");
    before.pid = pid;
    if (pid === undefined) return;
    if (isStopped(pid)) this.#become(index, "frozen");
    else if (node.isUp) this.#become(index, "up");
    else if (node.isDraining) this.#become(index, "leaving");
    else if (before.state === "gone") this.#become(index, "starting");
  }

  #become(index: number, state: NodeState): void {
    const known = this.#states[index];
    if (known === undefined || known.state === state) return;
    const what = eventOf(known.state, state);
    known.state = state;
    if (what !== null) for (const listener of this.#onNode) listener(index, what);
  }
}

function eventOf(from: NodeState, to: NodeState): NodeEvent | null {
  if (to === "frozen") return "frozen";
  if (to === "leaving") return "draining";
  if (to === "gone") return from === "leaving" ? "drained" : "crash";
  if (from === "frozen") return "thawed";
  return to === "up" ? "serving" : null;
}

/** Whether a process stands still. */
function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) === "T";
  } catch {
    return false;
  }
}

function isBad({ latencyMs, jitterMs, bytesPerSecond, sliceBytes, lost }: Weather): boolean {
  const isNarrow = bytesPerSecond < BAD.bytesPerSecond || sliceBytes < BAD.sliceBytes;
  return lost !== null || latencyMs + jitterMs > BAD.delayMs || isNarrow;
}
