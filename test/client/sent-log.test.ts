import { describe, expect, it } from "vitest";
import type { OutboxEntry } from "../../src/client/contracts.js";
import { MAX_SENT_ENTRIES, SentLog } from "../../src/client/sent-log.js";

const entry = (clientId: number): OutboxEntry => ({
  clientId,
  order: clientId,
  target: { kind: "single", id: "bob" },
  type: 1,
  content: new Uint8Array(),
  clientTime: 0,
});

describe("sent log", () => {
  it("I15: keeps the newest thousand and says which one it forgot", () => {
    const log = new SentLog();
    for (let id = 1; id <= MAX_SENT_ENTRIES; id++) expect(log.add(entry(id), id).removeSent).toEqual([]);
    expect(log.add(entry(5_000), 5_000).removeSent).toEqual([1]);
    log.doubt(0);
    expect(log.takeLost()).toHaveLength(MAX_SENT_ENTRIES);
  });

  it("doubts only what was stored above the base", () => {
    const log = new SentLog();
    for (const id of [1, 2, 3]) log.add(entry(id), 10 * id);
    expect(log.doubt(20).putSent?.map(({ clientId, confirmed }) => [clientId, confirmed])).toEqual([[3, false]]);
    expect(log.takeLost()).toEqual([entry(3)]);
  });

  it("confirms what is seen again, under its new seq", () => {
    const log = new SentLog();
    log.add(entry(1), 10);
    log.doubt(0);
    expect(log.confirm(1, 4).putSent).toEqual([{ ...entry(1), seq: 4, confirmed: true }]);
    expect(log.confirm(1, 4)).toEqual({});
    expect(log.takeLost()).toEqual([]);
  });

  it("gives lost messages back in the order of composing", () => {
    const log = new SentLog();
    log.load([3, 1, 2].map((id) => ({ ...entry(id), seq: id, confirmed: false })));
    expect(log.takeLost().map(({ clientId }) => clientId)).toEqual([1, 2, 3]);
    expect(log.takeLost()).toEqual([]);
  });
});
