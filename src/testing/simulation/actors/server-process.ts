import { ImError } from "../../../core/errors.js";
import { createImServer } from "../../../server/create-im-server.js";
import type { ImServer } from "../../../server/im-server.js";
import { VirtualServerRuntime } from "../../fakes/virtual-server-runtime.js";
import type { Plan } from "../plan.js";
import { SimStorage } from "../storage/sim-storage.js";
import type { World } from "../world.js";
import { isForbidden } from "./house-rules.js";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** One run of the real server, from its start to its death or its goodbye. */
export class ServerProcess {
  readonly runtime: VirtualServerRuntime;
  readonly server: ImServer;
  readonly #world: World;

  constructor(world: World, { limits, policy }: Plan) {
    const { time, random, site, network, probes, office } = world;
    this.#world = world;
    this.runtime = new VirtualServerRuntime(time, random.uint32(), office.wallStart);
    this.server = createImServer({
      auth: { authenticate: (token) => office.authenticate(token, this.runtime) },
      storage: new SimStorage(site, this.runtime, { time, probes, random: random.fork() }),
      transport: network.transport(this.runtime),
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
    this.#world.network.crashed(this.runtime);
    this.#world.history.record({ kind: "crash" });
  }

  /** Leaves in good order. */
  async drain(graceMs: number): Promise<void> {
    await this.server.close({ graceMs });
    this.#world.history.record({ kind: "drained" });
  }
}
