import type { DiscoveryHost } from "../contracts/discovery.js";
import type { Condition, NodeInfo } from "../contracts/nodes.js";

/** Tells the host what has changed, each change once, until it is silenced. */
export class Teller {
  readonly #host: DiscoveryHost;
  #view = "";
  #condition: Condition | null = null;
  #isSilent = false;

  constructor(host: DiscoveryHost) {
    this.#host = host;
  }

  /** What was told last of the condition. */
  get state(): Condition["state"] | null {
    return this.#condition?.state ?? null;
  }

  tellView(self: NodeInfo | null, nodes: readonly NodeInfo[]): void {
    const view = JSON.stringify({ self, nodes });
    if (this.#isSilent || view === this.#view) return;
    this.#view = view;
    this.#host.onView({ self, nodes });
  }

  /** Once per change of the state or its reason, however often it fails. */
  tellCondition(condition: Condition): void {
    if (this.#isSilent || isSame(condition, this.#condition)) return;
    this.#condition = condition;
    this.#host.onCondition(condition);
  }

  silence(): void {
    this.#isSilent = true;
  }
}

function isSame(condition: Condition, told: Condition | null): boolean {
  if (condition.state !== told?.state) return false;
  return condition.state === "up" || told.state === "up" || condition.reason === told.reason;
}
