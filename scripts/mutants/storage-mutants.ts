import type { Mutant } from "./mutant.js";

const DECISION = "src/adapters/contracts/decide-batch.ts";
const MESSAGES = "src/adapters/memory/memory-messages.ts";

/** Faults of the transaction. */
export const STORAGE_MUTANTS: readonly Mutant[] = [
  {
    row: "Q1",
    name: "numbering outside the commit: rows become visible out of order",
    always: true,
    edits: [
      {
        file: MESSAGES,
        find: "return { userId, seq: this.#inboxOf(userId).messages.push(message) };",
        replace: `const { messages } = this.#inboxOf(userId);
    const seq = ++messages.length;
    const insert = () => { messages[seq - 1] = message; };
    this.late ??= [];
    if (seq % 3 === 1) this.late.push(insert);
    else for (const run of [insert, ...this.late.splice(0)]) run();
    return { userId, seq };`,
      },
      {
        file: MESSAGES,
        find: "const message = messages[seq - 1] as Message;",
        replace: "const message = messages[seq - 1] as Message;\n    if (message === undefined) continue;",
      },
      { file: "src/server/connections/pump.ts", find: "if (seq !== this.#sent + 1) break;", replace: "" },
    ],
  },
  {
    row: "Q6",
    name: "a number is taken before the key is looked up, and not given back",
    edits: [
      {
        file: MESSAGES,
        find: `case "repeat":`,
        replace: `case "repeat":
        this.#inboxOf(this.#tables.messages.get(decision.messageId)?.message.senderId ?? "").messages.length++;`,
      },
    ],
  },
  {
    row: "U5",
    name: "no dedupe",
    always: true,
    edits: [
      {
        file: DECISION,
        find: `earlier?.kind === "accept" || facts.isStored(messageId)`,
        replace: `earlier?.kind === "accept"`,
      },
    ],
  },
  {
    row: "Q7",
    name: "repeats inside one batch are not seen",
    edits: [
      {
        file: DECISION,
        find: "decideKnown(facts, uplink.messageId, judged.get(uplink.messageId))",
        replace: "decideKnown(facts, uplink.messageId, undefined)",
      },
    ],
  },
  {
    row: "I10",
    name: "no tombstone",
    always: true,
    edits: [
      {
        file: MESSAGES,
        find: "this.#tables.refusals.write(decision.uplink.messageId, decision.code, decision.uplink.serverTime);",
        replace: "",
      },
    ],
  },
  {
    row: "I8",
    name: "predecessors are not looked at",
    edits: [
      {
        file: DECISION,
        find: `if (!isPredecessorMet(facts, uplink.afterId, judged)) return { kind: "out_of_order" };`,
        replace: "",
      },
    ],
  },
  {
    row: "I3",
    name: "a commit reaches only some of the inboxes",
    edits: [
      {
        file: MESSAGES,
        find: "const deliveries = audience.map(",
        replace:
          "const deliveries = audience.filter((_, index) => index === 0 || message.conversationSeq % 9 !== 0).map(",
      },
    ],
  },
  {
    row: "G1",
    name: "who left a group still receives",
    edits: [
      {
        file: "src/adapters/memory/group-row.ts",
        find: "return [...this.#current.keys()];",
        replace: "return [...new Set([...this.#current.keys(), ...this.#ended.map(({ userId }) => userId)])];",
      },
    ],
  },
  {
    row: "U9",
    name: "who is no member may send",
    edits: [
      {
        file: DECISION,
        find: "group === undefined || (senderId !== null && !group.has(senderId))",
        replace: "group === undefined",
      },
    ],
  },
  {
    row: "K4",
    name: "order within a conversation is lost: a batch is stored backwards",
    edits: [
      {
        file: MESSAGES,
        find: "outcomes: decisions.map((decision) => this.#apply(decision)) };",
        replace: "outcomes: decisions.reverse().map((decision) => this.#apply(decision)).reverse() };",
      },
    ],
  },
];
