import { describe, expect, it } from "vitest";
import { isImError } from "../../../src/core/errors.js";
import {
  checkedAddress,
  checkedNickname,
  checkedPhoneNumber,
  normalisePhoneNumber,
  ownFields,
} from "../../../src/server/accounts/account-fields.js";

/** The message of the `invalid_argument` that a check throws. */
function refusalOf(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    if (isImError(error, "invalid_argument")) return error.message;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("a phone number", () => {
  it.each([
    ["12345", "12345"],
    ["+12345678901234567890", "+12345678901234567890"],
    ["+49 (170) 12-34-567", "+491701234567"],
    ["(+49) 170 [1234]\u00a0567", "+491701234567"],
    ["0170\u20131234567", "01701234567"],
  ])("is written %j and stored as %j", (written, stored) => {
    expect(checkedPhoneNumber(written)).toBe(stored);
    expect(normalisePhoneNumber(stored)).toBe(stored);
  });

  it.each([
    ["1234"],
    ["123456789012345678901"],
    ["++4912345"],
    ["49+12345"],
    ["12345a"],
    ["\u0661\u0662\u0663\u0664\u0665"],
    ["\uff11\uff12\uff13\uff14\uff15"],
    ["12345\n"],
    ["12345\0"],
    [`12345${" ".repeat(1_000)}`],
    [""],
    [12345],
    [["12345"]],
    [null],
  ])("is not %j", (value) => {
    expect(refusalOf(() => checkedPhoneNumber(value))).toContain("phoneNumber must be a text of 5–20 digits");
  });
});

describe("a nickname", () => {
  it.each([
    ["  Ada  ", "Ada"],
    ["Zu\u0308rich", "Zürich"],
    ["x", "x"],
    ["阿达", "阿达"],
    ["👩‍👩‍👧", "👩‍👩‍👧"],
    ["عائشة", "عائشة"],
    ["😀".repeat(50), "😀".repeat(50)],
    ["__proto__", "__proto__"],
    ["<b>'; drop", "<b>'; drop"],
  ])("may be %j and is stored as %j", (written, stored) => {
    expect(checkedNickname(written)).toBe(stored);
  });

  it.each([
    ["nothing", ""],
    ["spaces alone", " \u00a0\u3000 "],
    ["51 characters", "😀".repeat(51)],
    ["a line break", "a\nb"],
    ["a zero byte", "a\0"],
    ["an escape of a terminal", "a\u001b[31m"],
    ["a control of the second block", "a\u0085b"],
    ["a line separator", "a\u2028b"],
    ["half a surrogate pair", "a\ud83d"],
    ["a right-to-left override", "a\u202egnp.exe"],
    ["an embedding", "a\u202ab"],
    ["an isolate", "a\u2066b"],
    ["the end of an isolate", "a\u2069b"],
    ["zero-width characters alone", "\u200b\u200d\u2060"],
    ["a filler nobody sees", "\u3164"],
    ["a blank of Braille", "\u2800"],
    ["an accent without a letter", "\u0301"],
    ["a megabyte", "a".repeat(1_048_576)],
    ["a number", 7],
    ["an object with toString", { toString: () => "Ada" }],
  ])("is not %s", (_what, value) => {
    expect(refusalOf(() => checkedNickname(value))).toContain("nickname must be 1–50 characters");
  });
});

describe("the fields of a stranger's object", () => {
  const names = ["phoneNumber", "password"] as const;

  it.each([
    ["another field", { phoneNumber: "1", password: "2", id: "3" }],
    ["a field missing", { phoneNumber: "1" }],
    ["a field from its prototype", Object.create({ phoneNumber: "1", password: "2" })],
    ["__proto__ from JSON", JSON.parse('{"phoneNumber":"1","password":"2","__proto__":{"isAdmin":true}}')],
    ["a symbol", { phoneNumber: "1", password: "2", [Symbol("x")]: 1 }],
    ["a list", ["1", "2"]],
    ["a text", "phoneNumber"],
    ["null", null],
    ["nothing", undefined],
  ])("S22: are refused with %s", (_what, value) => {
    const message = "users.login takes { phoneNumber, password } and nothing else";
    expect(refusalOf(() => ownFields("users.login", value, names))).toBe(message);
    expect(Reflect.get({}, "isAdmin")).toBeUndefined();
  });

  it("may be of an object without a prototype", () => {
    const value = Object.assign(Object.create(null), { phoneNumber: "1", password: "2" });
    expect(ownFields("users.login", value, names)).toBe(value);
  });
});

describe("the origin of a call", () => {
  it("is nowhere when nobody said, and otherwise a text", () => {
    expect([checkedAddress(undefined), checkedAddress({}), checkedAddress({ address: "::1" })]).toEqual([
      null,
      null,
      "::1",
    ]);
    const wrong = { address: 5 } as unknown as { address: string };
    expect(refusalOf(() => checkedAddress(wrong))).toBe("address must be a text, got a value of type number");
  });
});
