import type { Mutant } from "./mutant.js";

const GATE = "src/server/cluster/gate.ts";
const HERALD = "src/server/cluster/herald.ts";
const QUEUE = "src/server/delivery/uplink-queue.ts";
const DISCOVERY = "src/adapters/memory/hub/memory-discovery.ts";

const TELL = "if (membership.has(node)) peers.news(node.id, syncEpoch, userId, seq);";
const RECORD = "value: encodeQueuedUplink({ origin, uplink })";

/** Faults between nodes; tried with three. */
export const CLUSTER_MUTANTS: readonly Mutant[] = [
  {
    row: "P1",
    name: "routes of registrations that have ended keep others out",
    nodes: 3,
    edits: [
      {
        file: "src/adapters/contracts/decide-claim.ts",
        find: "isLive(other, request) && !isSameConnection(other, route)",
        replace: "!isSameConnection(other, route)",
      },
    ],
  },
  {
    row: "P2",
    name: "routes are never renewed",
    nodes: 3,
    edits: [
      {
        file: "src/server/cluster/routes.ts",
        find: "if (routes.length > 0) await presence.renew(routes);",
        replace: "",
      },
    ],
  },
  {
    row: "P4",
    name: "the end of a session takes all its user's out of the book",
    nodes: 3,
    edits: [
      {
        file: "src/adapters/memory/hub/memory-book.ts",
        find: "isSameConnection(route, gone) && route.node.epoch === gone.node.epoch;",
        replace: "route.userId === gone.userId;",
      },
    ],
  },
  {
    row: "P6",
    name: "whoever is replaced on another node is not told",
    nodes: 3,
    always: true,
    edits: [{ file: GATE, find: "else this.#peers.kick(node.id, { userId, ...kick });", replace: "" }],
  },
  {
    row: "I14",
    name: "a login that was held up ends the session its installation has begun since on another node",
    nodes: 3,
    always: true,
    edits: [
      {
        file: GATE,
        find: "const olderThanMs = origin === session.origin ? ageMs + ORDER_WITHIN_MS : 0;",
        replace: "const olderThanMs = 0;",
      },
    ],
  },
  {
    row: "P7",
    name: "other nodes are not told of news",
    nodes: 3,
    always: true,
    edits: [{ file: HERALD, find: TELL, replace: "" }],
  },
  {
    row: "P10",
    name: "news go to the wrong node",
    nodes: 3,
    edits: [{ file: HERALD, find: TELL, replace: TELL.replace("node.id", "membership.peers[0]?.id ?? node.id") }],
  },
  {
    row: "P11",
    name: "a registration that was lost is not made again",
    nodes: 3,
    edits: [
      { file: DISCOVERY, find: "this.#self = node;", replace: "this.#self = node;\n      this.wasRegistered = true;" },
      {
        file: DISCOVERY,
        find: "if (this.#self === null) await this.#register();",
        replace: "if (this.#self === null && !this.wasRegistered) await this.#register();",
      },
    ],
  },
  {
    row: "I12",
    name: "a node that is cut off reads the heads no more often",
    nodes: 3,
    always: true,
    edits: [
      {
        file: "src/server/rooms.ts",
        find: "cluster === null || cluster.gate.isCutOff ? often",
        replace: "cluster === null ? often",
      },
    ],
  },
  {
    row: "K3",
    name: "who has accepted a message never commits it itself",
    nodes: 3,
    always: true,
    edits: [{ file: QUEUE, find: "this.#isLate();\n        commitHere();", replace: "this.#isLate();" }],
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
];
