import type { Mutant } from "./mutant.js";

const INBOX = "src/client/inbox.ts";
const LEDGER = "src/client/ledger.ts";
const QUEUE = "src/client/conversation-queue.ts";
const CONNECTION = "src/client/connection.ts";

const LOWEST = "[...this.#stash.values()].sort((a, b) => a.seq - b.seq)[0]";

/** Faults of the client. */
export const CLIENT_MUTANTS: readonly Mutant[] = [
  {
    row: "Q2",
    name: "a push moves the cursor to its seq",
    always: true,
    edits: [
      { file: INBOX, find: "let item = this.#stash.get(this.#reached + 1);", replace: `let item = ${LOWEST};` },
      { file: INBOX, find: "item = this.#stash.get(item.seq + 1);", replace: `item = ${LOWEST};` },
    ],
  },
  {
    row: "Q3",
    name: "an ACK moves the cursor",
    always: true,
    edits: [
      {
        file: LEDGER,
        find: "return this.#journal.apply(this.#settleAsSent(entry, seq));",
        replace: `const cursor = Math.max(this.position.cursor, seq);
    return this.#journal.apply({ ...this.#settleAsSent(entry, seq), ...this.#moveTo({ ...this.position, cursor }) });`,
      },
    ],
  },
  {
    row: "Q11",
    name: "the cursor is saved before the items",
    edits: [
      {
        file: LEDGER,
        find: "await this.#journal.apply(mergeChanges([{ ...moved, items: fresh }, ...changes, finish]));",
        replace: `await this.#journal.apply(moved);
    await this.#journal.apply(mergeChanges([{ items: fresh }, ...changes, finish]));`,
      },
    ],
  },
  {
    row: "U1",
    name: "every transmission has a new id",
    always: true,
    edits: [
      {
        file: CONNECTION,
        find: "this.#link.send(uplinkFrame(entry, afterClientId,",
        replace: `const clientId = 1 + Math.floor(this.#runtime.random() * 2 ** 50);
    this.#link.send(uplinkFrame({ ...entry, clientId }, afterClientId,`,
      },
    ],
  },
  {
    row: "I8",
    name: "the predecessor is fixed when a message is composed",
    always: true,
    edits: [
      {
        file: QUEUE,
        find: "slot.after = slot.previous?.entry.clientId ?? 0;",
        replace: "slot.composedAfter ??= slot.previous?.entry.clientId ?? 0;\n    slot.after = slot.composedAfter;",
      },
    ],
  },
  {
    row: "I8",
    name: "no predecessor is named",
    edits: [{ file: QUEUE, find: "slot.after = slot.previous?.entry.clientId ?? 0;", replace: "slot.after = 0;" }],
  },
  {
    row: "I6",
    name: "a repeat after a reset is not recognised",
    edits: [
      {
        file: LEDGER,
        find: "items.filter(({ message }) => !known.has(message.messageId))",
        replace: "items",
      },
    ],
  },
  {
    row: "I18",
    name: "what a restore lost is not put back",
    always: true,
    edits: [{ file: LEDGER, find: "this.#sentLog.takeLost()", replace: "(this.#sentLog.takeLost(), [])" }],
  },
  {
    row: "I18",
    name: "new messages go out before the re-sync is over",
    edits: [
      {
        file: CONNECTION,
        find: "this.isLive && !resyncing && this.#goAway === null",
        replace: "this.isLive && this.#goAway === null",
      },
    ],
  },
  {
    row: "U13",
    name: "out_of_order is taken for the end",
    edits: [
      {
        file: "src/client/sender.ts",
        find: `if (code === "out_of_order") return this.#outbox.outOfOrder(clientId);`,
        replace: "",
      },
    ],
  },
  {
    row: "U3",
    name: "what was under way is forgotten with its connection",
    edits: [{ file: QUEUE, find: `for (const slot of this.#active) slot.state = "queued";`, replace: "" }],
  },
  {
    row: "I14",
    name: "a login that came too late signs the client out",
    edits: [
      {
        file: "src/client/connection-end.ts",
        find: `comeBack === "with-fresh-token" && farewell.signedIn`,
        replace: `comeBack === "with-fresh-token"`,
      },
    ],
  },
  {
    row: "I12",
    name: "a gap in the stream is waited out",
    edits: [{ file: CONNECTION, find: "if (stuck) this.drop(", replace: "if (stuck && reached < 0) this.drop(" }],
  },
];
