import type { MessageQueueHost, QueueRecord } from "../../../src/adapters/contracts/message-queue.js";
import type { Condition } from "../../../src/adapters/contracts/nodes.js";

/** A host that writes down what it is told. */
export class NotedHost implements MessageQueueHost {
  readonly records: QueueRecord[] = [];
  readonly conditions: Condition[] = [];
  taking: MessageQueueHost["take"] = async () => ({ dead: [] });

  take(records: readonly QueueRecord[]): ReturnType<MessageQueueHost["take"]> {
    this.records.push(...records);
    return this.taking(records);
  }

  onCondition(condition: Condition): void {
    this.conditions.push(condition);
  }
}
