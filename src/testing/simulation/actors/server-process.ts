import { ImError } from "../../../core/errors.js";
import { createImServer } from "../../../server/create-im-server.js";
import type { ImServer } from "../../../server/im-server.js";
import type { ImServerOptions } from "../../../server/options.js";
import { VirtualServerRuntime } from "../../fakes/virtual-server-runtime.js";
import type { NodeHelpers } from "../cluster/node-helpers.js";
import type { NodeNumber } from "../history.js";
import type { Plan } from "../plan.js";
import { SimStorage } from "../storage/sim-storage.js";
import type { World } from "../world.js";
import { isForbidden } from "./house-rules.js";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The machine of a process. */
export interface Machine {
  readonly node: NodeNumber;
  /** What connects the process with others; `null` where there are none. */
  readonly connect: (runtime: VirtualServerRuntime) => NodeHelpers | null;
}

/** One run of the real server, from its start to its death or its goodbye. */
export class ServerProcess {
  readonly runtime: VirtualServerRuntime;
  readonly server: ImServer;
  readonly helpers: NodeHelpers | null;
  readonly #world: World;
  readonly #node: NodeNumber;

  constructor(world: World, { limits, policy }: Plan, { node, connect }: Machine) {
    const { time, random, site, network, probes, office } = world;
    this.#world = world;
    this.#node = node;
    this.runtime = new VirtualServerRuntime(time, random.uint32(), office.wallStart);
    this.helpers = connect(this.runtime);
    const observer = this.helpers?.tap ?? null;
    this.server = createImServer({
      auth: { authenticate: (token) => office.authenticate(token, this.runtime) },
      storage: new SimStorage(site, this.runtime, { time, probes, random: random.fork(), node, observer }),
      transport: network.transport(this.runtime, node),
      ...nodesOf(this.helpers),
      limits,
      devices: policy,
      logger: silent,
      runtime: this.runtime,
      hooks: {
        beforeSend: ({ message: { text } }) => {
          if (isForbidden(text)) throw new ImError("blocked");
        },
      },
    });
  }

  start(): Promise<void> {
    return this.server.start();
  }

  /** kill -9. */
  crash(): void {
    this.runtime.kill();
    this.helpers?.crash();
    this.#world.network.crashed(this.runtime);
    this.#world.history.record({ kind: "crash", node: this.#node });
  }

  /** SIGSTOP. */
  freeze(): void {
    this.runtime.freeze();
    this.helpers?.freeze();
    this.#world.network.froze(this.runtime);
    this.#world.history.record({ kind: "frozen", node: this.#node });
  }

  /** SIGCONT. */
  thaw(): void {
    this.runtime.thaw();
    this.helpers?.thaw();
    this.#world.history.record({ kind: "thawed", node: this.#node });
  }

  /** Leaves in good order. */
  async drain(graceMs: number): Promise<void> {
    this.#world.history.record({ kind: "draining", node: this.#node });
    await this.server.close({ graceMs });
    this.#world.history.record({ kind: "drained", node: this.#node });
  }
}

function nodesOf(helpers: NodeHelpers | null): Pick<ImServerOptions, "discovery" | "presence" | "rpc" | "queue"> {
  if (helpers === null) return {};
  const { queue, ...others } = helpers.adapters;
  return queue === undefined ? others : { ...others, queue };
}
