import type { Mutant } from "./mutant.js";

const QUEUE = "src/server/delivery/uplink-queue.ts";

const RECORD = "value: encodeQueuedUplink({ origin, uplink })";

/** Faults of the way through a queue; tried with three nodes. */
export const QUEUE_MUTANTS: readonly Mutant[] = [
  {
    row: "K3",
    name: "who has accepted a message never commits it itself",
    nodes: 3,
    always: true,
    edits: [
      {
        file: QUEUE,
        find: "this.#detour.late(conversation);\n        this.#commitPending(conversation);",
        replace: "this.#detour.late(conversation);",
      },
    ],
  },
  {
    row: "K1",
    name: "a record counts as taken before it is committed",
    nodes: 3,
    always: true,
    edits: [
      {
        file: QUEUE,
        find: "await this.#decideAll(queued);",
        replace: "void this.#decideAll(queued).catch(() => undefined);",
      },
    ],
  },
  {
    row: "K1",
    name: "a record that the storage could not decide counts as taken",
    nodes: 3,
    edits: [
      {
        file: QUEUE,
        find: `if (decision.outcome === "busy") return false;`,
        replace: `if (decision.outcome === "busy") return true;`,
      },
    ],
  },
  {
    row: "K3",
    name: "a stretch that is more than may wait is rejected as a whole, for ever",
    nodes: 3,
    edits: [{ file: QUEUE, find: "if (left.length === rest.length) throw", replace: "if (left.length > 0) throw" }],
  },
  {
    row: "I2",
    name: "an outcome settles another message",
    nodes: 3,
    always: true,
    edits: [
      {
        file: "src/server/cluster/pending-outcomes.ts",
        find: "const set = this.#waiting.get(notice.messageId);",
        replace: "const set = this.#waiting.get(notice.messageId) ?? [...this.#waiting.values()][0];",
      },
    ],
  },
  {
    row: "U9",
    name: "the hook's refusal does not travel through the queue",
    nodes: 3,
    edits: [
      { file: QUEUE, find: RECORD, replace: RECORD.replace("uplink }", "uplink: { ...uplink, refuse: null } }") },
    ],
  },
  {
    row: "I8",
    name: "the predecessor does not travel through the queue",
    nodes: 3,
    edits: [
      { file: QUEUE, find: RECORD, replace: RECORD.replace("uplink }", "uplink: { ...uplink, afterId: null } }") },
    ],
  },
  {
    row: "I18",
    name: "the epoch does not travel through the queue",
    nodes: 3,
    edits: [
      { file: QUEUE, find: RECORD, replace: RECORD.replace("uplink }", "uplink: { ...uplink, syncEpoch: null } }") },
    ],
  },
  {
    row: "K2",
    name: "what cannot be read is skipped in silence",
    nodes: 3,
    edits: [{ file: QUEUE, find: "if (one === null) dead.push(place);", replace: "if (one === null) continue;" }],
  },
  {
    row: "K3",
    name: "the first error of a taker ends the taking",
    nodes: 3,
    edits: [
      {
        file: "src/adapters/memory/hub/memory-partition.ts",
        find: "failed: () => this.#end(turn, () => this.#sleep(RETRY_MS)),",
        replace: "failed: () => undefined,",
      },
    ],
  },
  {
    row: "K5",
    name: "a copy that comes late is stored under an id of its own",
    nodes: 3,
    edits: [
      {
        file: QUEUE,
        find: "const decision = await committer.submit(uplink);",
        replace: `const isLate = this.#services.runtime.now() > uplink.serverTime + 1_000;
    const copy = \`c0\${uplink.messageId.slice(2)}\`;
    const decision = await committer.submit(isLate ? { ...uplink, messageId: copy } : uplink);`,
      },
    ],
  },
  {
    row: "K8",
    name: "one record that cannot be read costs all that came with it",
    nodes: 3,
    edits: [
      {
        file: QUEUE,
        find: "await this.#decideAll(queued);",
        replace: `if (dead.length > 0) return { dead: records.map((_, place) => place) };
    await this.#decideAll(queued);`,
      },
    ],
  },
];
