import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyStart, nodeKey, nodeValue, parseRecord } from "../../../src/adapters/etcd/node-record.js";
import { ODD_NODE_IDS } from "../../../src/testing/conformance/cluster/odd-node-ids.js";

const start = keyStart("shyim/");
const word = (maxLength: number) =>
  fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength,
  });

describe("what stands in etcd of a node", () => {
  it("is read as it was written", () => {
    const node = fc.record({
      id: fc.oneof(word(64), fc.constantFrom(...ODD_NODE_IDS)),
      epoch: word(64),
      address: word(255),
    });
    fc.assert(
      fc.property(node, (some) => {
        const kv = { key: nodeKey(start, some.id), value: nodeValue(some), mod_revision: "7" };
        expect(parseRecord(start, kv)).toEqual({ id: some.id, revision: 7n, node: some });
      }),
    );
  });

  it("S26: no two nodes have one key, and none is below another", () => {
    const different = (a: string, b: string): boolean => a === b || !nodeKey(start, a).equals(nodeKey(start, b));
    fc.assert(
      fc.property(word(64), word(64), (a, b) => {
        expect(different(a, b)).toBe(true);
      }),
    );
    for (const id of ODD_NODE_IDS) expect(nodeKey(start, id).toString().slice(start.length)).not.toContain("/");
  });

  it("that nobody of us has written is none", () => {
    const bytes = fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(bytes, bytes, (end, value) => {
        const record = parseRecord(start, { key: Buffer.concat([Buffer.from(start), end]), value, mod_revision: "1" });
        expect(record?.node ?? null).toBeNull();
      }),
    );
  });
});
