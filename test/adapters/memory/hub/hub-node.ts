import type { ClusterView } from "../../../../src/adapters/contracts/discovery.js";
import type { MessageQueue, MessageQueueHost } from "../../../../src/adapters/contracts/message-queue.js";
import type { NodeInfo } from "../../../../src/adapters/contracts/nodes.js";
import type { Presence } from "../../../../src/adapters/contracts/presence.js";
import type { MemoryHub } from "../../../../src/adapters/memory/hub/memory-hub.js";
import type { MemoryLink } from "../../../../src/adapters/memory/hub/memory-link.js";
import type { MemoryRpc } from "../../../../src/adapters/memory/hub/memory-rpc.js";
import type { VirtualTime } from "../../../../src/testing/fakes/virtual-time.js";

const onCondition = () => undefined;

/** A node with one link for everything, and what it has heard. */
export class HubNode {
  readonly link: MemoryLink;
  readonly rpc: MemoryRpc;
  readonly presence: Presence;
  readonly queue: MessageQueue;
  readonly views: ClusterView[] = [];
  /** The keys of the records it was brought. */
  readonly taken: string[] = [];
  batches = 0;
  taking: MessageQueueHost["take"] = async () => ({ dead: [] });
  readonly #id: string;

  private constructor(hub: MemoryHub, id: string, address: string | undefined) {
    this.#id = id;
    this.link = hub.link();
    this.rpc = hub.rpc(this.link, address === undefined ? {} : { address });
    this.presence = hub.presence(this.link);
    this.queue = hub.queue(this.link);
  }

  static async start(hub: MemoryHub, time: VirtualTime, id: string, address?: string): Promise<HubNode> {
    const node = new HubNode(hub, id, address);
    const starting = node.#start(hub);
    await time.advance(1_000);
    await starting;
    return node;
  }

  get self(): NodeInfo | null {
    return this.views.at(-1)?.self ?? null;
  }

  /** The ids of the nodes it knows. */
  get view(): string[] {
    return (this.views.at(-1)?.nodes ?? []).map(({ id }) => id).sort();
  }

  /** Sends a batch; the answer is what became of it. */
  send(to: HubNode): Promise<string> {
    const info = { id: to.#id, epoch: "any", address: to.rpc.address };
    return this.rpc.send(info, Uint8Array.of(1)).then(
      () => "taken",
      (error) => error.code,
    );
  }

  async #start(hub: MemoryHub): Promise<void> {
    const id = this.#id;
    this.rpc.bind({ id, receive: () => this.batches++, deliver: () => false, onCondition });
    await this.rpc.start();
    this.presence.bind({ onCondition });
    this.queue.bind({ take: (records) => this.#take(records), onCondition });
    const discovery = hub.discovery(this.link);
    discovery.bind({ id, address: this.rpc.address, onView: (view) => this.views.push(view), onCondition });
    await Promise.all([this.presence.start(), this.queue.start(), discovery.start()]);
  }

  #take(records: Parameters<MessageQueueHost["take"]>[0]): ReturnType<MessageQueueHost["take"]> {
    this.taken.push(...records.map(({ key }) => key));
    return this.taking(records);
  }
}
