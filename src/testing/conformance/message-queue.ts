import { handlesCase } from "./cluster/handles-case.js";
import { registerCases } from "./cluster/register-cases.js";
import { endCases } from "./message-queue/end-cases.js";
import { lifecycleCases } from "./message-queue/lifecycle-cases.js";
import type { MessageQueueFactory, MessageQueueHarm } from "./message-queue/queue-fixture.js";
import { type MessageQueueCases, MessageQueueStage } from "./message-queue/queue-stage.js";
import { recordCases } from "./message-queue/record-cases.js";
import { redeliveryCases } from "./message-queue/redelivery-cases.js";
import { mixedRecords } from "./message-queue/test-records.js";
import type { ConformanceRunner } from "./runner.js";

export type { MessageQueueFactory, MessageQueueFixture, MessageQueueHarm } from "./message-queue/queue-fixture.js";

const TOPICS: Readonly<Record<string, MessageQueueCases>> = {
  "message queue: lifecycle": lifecycleCases,
  "message queue: records": recordCases,
  "message queue: redelivery": redeliveryCases,
  "message queue: ends": endCases,
};

async function useAndClose(stage: MessageQueueStage): Promise<void> {
  const [a, b] = [await stage.taker(), await stage.taker()];
  const records = mixedRecords(10, 2);
  await stage.publish(a, records);
  await stage.untilBrought(records);
  await stage.stopTaking(b);
}

/**
 * Proves that a queue keeps the contract of `adapters/contracts/message-queue.ts`: registers about 35 cases with `runner`, each on a
 * fresh fixture from `create`. Real brokers take their time to share a queue anew: give the runner a timeout of two minutes,
 * and an `it` that runs several cases side by side (vitest: `it.concurrent`).
 * @param harms what the fixture can do beyond making nodes; cases that need another are left out
 */
export function messageQueueConformance(
  runner: ConformanceRunner,
  create: MessageQueueFactory,
  harms: readonly MessageQueueHarm[] = [],
): void {
  registerCases(runner, TOPICS, harms, (body) => MessageQueueStage.use(create, body));
  handlesCase(runner, "message queue", () => MessageQueueStage.use(create, useAndClose));
}
