import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRoute, routeText, userKey } from "../../../src/adapters/redis/route-text.js";
import { ODD_IDS } from "../../../src/testing/conformance/storage/odd-ids.js";

const id = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 64,
});
const connection = fc.maxSafeNat();

describe("the text of a route", () => {
  it("is read as it was written", () => {
    const deviceKind = fc.string({ unit: "binary", maxLength: 64 });
    const route = fc.record({ userId: id, node: fc.record({ id, epoch: id }), connection, origin: id, deviceKind });
    fc.assert(
      fc.property(route, (some) => {
        expect(parseRoute(some.userId, routeText(some))).toEqual(some);
      }),
    );
  });

  it("that nobody of us has written is none", () => {
    fc.assert(
      fc.property(fc.anything(), (some) => {
        expect(parseRoute("ada", some)).toBeNull();
      }),
    );
    for (const text of ['a b 9007199254740993 o "k"', 'a b 1 o "k', "a b 1 o 7", ` a b 1 o "k"`, 'a b 1 \u00e9 "k"'])
      expect(parseRoute("ada", text)).toBeNull();
  });
});

describe("the key of a user", () => {
  it("S26: is another one for every user", () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(userKey("p:", a) === userKey("p:", b)).toBe(a === b);
      }),
    );
    expect(new Set(ODD_IDS.map((each) => userKey("", each))).size).toBe(new Set(ODD_IDS).size);
    expect(userKey("p:", "a{b}c%")).toBe("p:routes:{a%7bb%7dc%25}");
  });

  it("has all of the user and nothing else where a Redis Cluster looks for the slot", () => {
    fc.assert(
      fc.property(id, (userId) => {
        expect(userKey("shyim:", userId)).toMatch(/^[^{}]+\{[^{}]+\}$/);
      }),
    );
  });

  it("is made of ids alone", () => {
    for (const userId of ["", "a b", "a\r\n", "\u00e9", "x".repeat(65)])
      expect(() => userKey("", userId)).toThrow("userId must be");
  });
});
