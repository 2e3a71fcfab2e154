import type { Mutant } from "./mutant.js";

const DEPARTURES = "src/server/cluster/departures.ts";
const GATE = "src/server/cluster/gate.ts";
const HERALD = "src/server/cluster/herald.ts";
const PEERS = "src/server/cluster/peers.ts";
const ROUTES = "src/server/cluster/routes.ts";
const DECIDE_CLAIM = "src/adapters/contracts/decide-claim.ts";
const BOOK = "src/adapters/memory/hub/memory-book.ts";
const DISCOVERY = "src/adapters/memory/hub/memory-discovery.ts";

const TELL = "if (membership.has(node)) peers.news(node.id, syncEpoch, userId, seq);";

/** Faults between nodes; tried with three. */
export const CLUSTER_MUTANTS: readonly Mutant[] = [
  {
    row: "P1",
    name: "routes of registrations that have ended keep others out",
    nodes: 3,
    edits: [
      {
        file: DECIDE_CLAIM,
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
        file: ROUTES,
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
        file: BOOK,
        find: "isSameConnection(route, gone) && route.node.epoch === gone.node.epoch;",
        replace: "route.userId === gone.userId;",
      },
    ],
  },
  {
    row: "P6",
    name: "whoever is replaced on another node is not told",
    nodes: 3,
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
    edits: [
      {
        file: "src/server/rooms.ts",
        find: "cluster === null || cluster.gate.isCutOff ? often",
        replace: "cluster === null ? often",
      },
    ],
  },
  {
    row: "P1",
    name: "a session that has ended stays in the book",
    nodes: 3,
    edits: [{ file: DEPARTURES, find: "if (!this.#isReleasing) void this.#releaseSoon();", replace: "" }],
  },
  {
    row: "P3",
    name: "the book looks first and writes later: two logins pass together",
    nodes: 3,
    edits: [
      {
        file: BOOK,
        find: "  claim(request: ClaimRequest): Claim {",
        replace: "  async claim(request: ClaimRequest) {",
      },
      {
        file: BOOK,
        find: "if (!decision.granted) return decision;",
        replace:
          "await new Promise((goOn) => this.#timers.setTimer(100, goOn));\n    if (!decision.granted) return decision;",
      },
    ],
  },
  {
    row: "P9",
    name: "while one node is told something, nobody else is",
    nodes: 3,
    edits: [
      {
        file: PEERS,
        find: "if (!peer.isSending) this.#sendSoon(id, peer);",
        replace: "if (![...this.#peers.values()].some(({ isSending }) => isSending)) this.#sendSoon(id, peer);",
      },
    ],
  },
  {
    row: "P12",
    name: "a node hears of no change after its start",
    nodes: 3,
    edits: [
      {
        file: DISCOVERY,
        find: "this.#registry.watch(() => this.#line.tell(() => this.#hear(this.#registry.list()))),",
        replace: "this.#registry.watch(() => undefined),",
      },
    ],
  },
  {
    row: "P12",
    name: "nodes that are gone stay listed",
    nodes: 3,
    edits: [
      {
        file: "src/adapters/memory/hub/memory-registry.ts",
        find: "registration.endsAt = Math.min(registration.endsAt, now + LEASE_MS);",
        replace: "registration.endsAt = Math.min(registration.endsAt, now + 1e9);",
      },
    ],
  },
  {
    row: "P13",
    name: "all nodes have one name",
    nodes: 3,
    edits: [
      {
        file: "src/server/cluster/create-cluster.ts",
        find: "const id = toHex(runtime.randomBytes(ID_BYTES));",
        replace: `const id = "10.0.0.1:9094";`,
      },
    ],
  },
  {
    row: "P15",
    name: "news of somebody who is not here are an error",
    nodes: 3,
    edits: [
      {
        file: GATE,
        find: "for (const { userId, seq } of news) {",
        replace: `for (const { userId, seq } of news) {
      if ([...table.ofUser(userId)].length === 0) throw new Error("not here");`,
      },
    ],
  },
  {
    row: "P20",
    name: "connections of two nodes are taken for one",
    nodes: 3,
    edits: [
      {
        file: DECIDE_CLAIM,
        find: "a.userId === b.userId && a.node.id === b.node.id && a.connection === b.connection",
        replace: "a.userId === b.userId && a.connection === b.connection",
      },
    ],
  },
  {
    row: "X7",
    name: "whom the application disconnects stays on other nodes",
    nodes: 3,
    always: true,
    edits: [
      {
        file: "src/server/rooms.ts",
        find: "cluster?.gate.dismiss({ userId, reason, olderThanMs: 0 });",
        replace: "",
      },
    ],
  },
  {
    row: "I14",
    name: "an order to end sessions that comes late ends those that have begun since",
    nodes: 3,
    edits: [
      {
        file: PEERS,
        find: "Math.floor(dismissal.olderThanMs + this.#runtime.elapsed() - orderedAt)",
        replace: "dismissal.olderThanMs",
      },
    ],
  },
  {
    row: "I13",
    name: "where the book does not answer, nobody is let in",
    nodes: 3,
    edits: [
      {
        file: ROUTES,
        find: "const answered = claim.catch(() => GRANTED);",
        replace: "const answered = claim.catch(() => ({ granted: false, displaced: [] }));",
      },
    ],
  },
];
