import type { Mutant } from "./mutant.js";

const PUMP = "src/server/connections/pump.ts";
const STREAM = "src/server/connections/stream.ts";
const LOGIN = "src/server/commands/login.ts";
const LANE = "src/server/delivery/commit-lane.ts";

/** Faults between the socket and the storage. */
export const SERVER_MUTANTS: readonly Mutant[] = [
  {
    row: "I1",
    name: "ACK before commit",
    always: true,
    edits: [
      {
        file: "src/server/commands/send.ts",
        find: "later: uplinks.submit(uplink).then((decision) => answer(on, frame, decision)),",
        replace: `later: Promise.resolve(void uplinks.submit(uplink)).then(() => ({
          kind: "uplink_ack", clientId: frame.clientId, seq: on.stream.head + 1, messageId: uplink.messageId,
          serverTime: uplink.serverTime, syncEpoch: on.stream.syncEpoch,
        })),`,
      },
    ],
  },
  {
    row: "U15",
    name: "an unknown outcome is reported as refused",
    edits: [
      {
        file: LANE,
        find: "for (const { decide } of batch) decide(BUSY);",
        replace: `for (const { uplink, decide } of batch) {
          decide({ syncEpoch: uplink.syncEpoch ?? "", outcome: { kind: "refused", code: "store_failed" } });
        }`,
      },
    ],
  },
  {
    row: "U5",
    name: "the key of a message lives as long as its connection",
    edits: [
      {
        file: LOGIN,
        find: "const instanceId = frame.instanceId ?? runtime.randomBytes(16);",
        replace: "const instanceId = runtime.randomBytes(16);",
      },
    ],
  },
  {
    row: "U1",
    name: "a server-side send ignores its key",
    edits: [
      {
        file: "src/server/delivery/server-messages.ts",
        find: "if (key === undefined) return toHex",
        replace: "if (key !== null) return toHex",
      },
    ],
  },
  {
    row: "I5",
    name: "the pump writes above sent + 1",
    always: true,
    edits: [{ file: PUMP, find: "hint.seq === this.#sent + 1", replace: "hint.seq > this.#sent" }],
  },
  {
    row: "Q4",
    name: "hints are dropped during a read",
    always: true,
    edits: [
      {
        file: PUMP,
        find: "this.#note(hint.seq);",
        replace: "if (!this.#reading) this.#note(hint.seq);",
      },
    ],
  },
  {
    row: "Q4",
    name: "nothing is read again after a page",
    edits: [{ file: PUMP, find: "this.#believe(page);\n    this.#run();", replace: "this.#believe(page);" }],
  },
  {
    row: "I13",
    name: "a lying hint is believed for ever",
    edits: [{ file: PUMP, find: "if (this.#shortReads < 2) return;", replace: "if (this.#shortReads > 0) return;" }],
  },
  {
    row: "B1",
    name: "a pump that stopped for a slow reader does not go on",
    edits: [{ file: PUMP, find: "flushed(): void {\n    this.#goOn();", replace: "flushed(): void {" }],
  },
  {
    row: "B1",
    name: "a page goes on above the mark and skips what did not fit",
    edits: [
      {
        file: PUMP,
        find: "if (!this.#hasRoom()) {\n        this.#stopped = true;\n        return;\n      }\n      this.#write(seq, item);",
        replace: "if (this.#hasRoom()) this.#write(seq, item);\n      else this.#sent = seq;",
      },
    ],
  },
  {
    row: "Q10",
    name: "a failed read is not repeated",
    edits: [
      {
        file: PUMP,
        find: "this.#cancelRetry = this.#runtime.setTimer(delayMs, () => {",
        replace: "this.#cancelRetry = this.#runtime.setTimer(delayMs * 1e9, () => {",
      },
    ],
  },
  {
    row: "I12",
    name: "nobody reads the heads again",
    edits: [
      {
        file: "src/server/create-im-server.ts",
        find: "this.#rooms.headReader.start();",
        replace: "",
      },
    ],
  },
  {
    row: "I18",
    name: "the epoch is ignored at the login",
    always: true,
    edits: [
      {
        file: LOGIN,
        find: "const reset = !isLegacy && isOtherHistory(frame, page);",
        replace: "const reset = false;",
      },
    ],
  },
  {
    row: "I18",
    name: "a reset leaves the cursor where it is",
    edits: [
      { file: LOGIN, find: "Math.min(frame.cursor, page.baseSeq)", replace: "Math.min(frame.cursor, page.headSeq)" },
    ],
  },
  {
    row: "P4",
    name: "the end of one connection forgets its user's others",
    edits: [
      {
        file: "src/server/connections/table.ts",
        find: "if (set.size === 0) this.#byUser.delete(userId);",
        replace: "this.#byUser.delete(userId);",
      },
    ],
  },
  {
    row: "P1",
    name: "whoever is still in the table keeps everyone else out",
    edits: [
      {
        file: "src/server/connections/table.ts",
        find: `this.#policy === "reject-new" && isSecond`,
        replace: "others.length > 0",
      },
    ],
  },
  {
    row: "I14",
    name: "a ghost of the same installation counts under reject-new",
    edits: [
      {
        file: "src/server/connections/table.ts",
        find: "others.some((other) => !isSameInstallation(other, session));",
        replace: "others.length > 0;",
      },
    ],
  },
  {
    row: "I14",
    name: "a login that was held up replaces the connection its installation came back on",
    edits: [
      {
        file: "src/server/connections/table.ts",
        find: "if (displaced.some((other) => other.id > connection.id && isSameInstallation(other, session))) return null;",
        replace: "",
      },
    ],
  },
  {
    row: "Q3",
    name: "a legacy ACK carries the seq of the own copy",
    edits: [
      {
        file: STREAM,
        find: "return this.#session.isLegacy && this.#pump !== null ? this.#pump.passOwn(seq) : seq;",
        replace: "return seq;",
      },
    ],
  },
  {
    row: "Q4",
    name: "live pushes go on while a legacy client pages",
    edits: [
      { file: STREAM, find: "pump.hold();\n    this.#askedAt", replace: "pump.release();\n    this.#askedAt" },
      { file: STREAM, find: "items.filter(({ seq }) => seq > pump.sent)", replace: "items" },
    ],
  },
  {
    row: "U9",
    name: "the hook's refusal is not applied",
    edits: [
      {
        file: "src/server/delivery/admission.ts",
        find: "return { ...uplink, refuse: verdictOf(error) };",
        replace: "return uplink;",
      },
    ],
  },
];
