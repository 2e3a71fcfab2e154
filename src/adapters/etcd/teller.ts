import type { DiscoveryHost } from "../contracts/discovery.js";
import type { Condition, NodeInfo } from "../contracts/nodes.js";

/** Tells the host what has changed, each change once, until it is silenced. */
export class Teller {
  readonly #host: DiscoveryHost;
  #view = "";
  #state: Condition["state"] | null = null;
  #isSilent = false;

  constructor(host: DiscoveryHost) {
    this.#host = host;
  }

  /** What was told last of the condition. */
  get state(): Condition["state"] | null {
    return this.#state;
  }

  tellView(self: NodeInfo | null, nodes: readonly NodeInfo[]): void {
    const view = JSON.stringify({ self, nodes });
    if (this.#isSilent || view === this.#view) return;
    this.#view = view;
    this.#host.onView({ self, nodes });
  }

  /** Once per change of the state, however often something fails, and for whatever reasons. */
  tellCondition(condition: Condition): void {
    if (this.#isSilent || this.#state === condition.state) return;
    this.#state = condition.state;
    this.#host.onCondition(condition);
  }

  silence(): void {
    this.#isSilent = true;
  }
}
