import { describe, expect, it } from "vitest";
import { encodeText, fromHex, toHex } from "../../src/core/bytes.js";
import { Passwords } from "../../src/server/accounts/passwords.js";
import { deriveScryptKey, isSameKey } from "../../src/server/platform/scrypt.js";
import { systemRuntime } from "../../src/server/platform/system-runtime.js";
import { ADA, ADAS_NUMBER, openAccounts } from "../server/accounts/accounts-stage.js";

describe("S14: slow password hashes", () => {
  it.each([
    [
      "password",
      "NaCl",
      { log2N: 10, r: 8, p: 16 },
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
    ],
    [
      "pleaseletmein",
      "SodiumChloride",
      { log2N: 14, r: 8, p: 1 },
      "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
    ],
  ])("S14: are scrypt as RFC 7914 says, for %j with %j", async (password, salt, cost, key) => {
    expect(toHex(await deriveScryptKey(encodeText(password), encodeText(salt), cost, 64))).toBe(key);
  });

  it("X3, S14: cost what they should, with the real function, and match the right password only", async () => {
    const passwords = new Passwords(systemRuntime(), deriveScryptKey);
    const stored = await passwords.hash("correct horse battery");
    expect(stored).toMatch(/^scrypt\$15\$8\$3\$/);
    expect(await passwords.verify("correct horse battery", stored)).toEqual({ matches: true, rehashDue: false });
    expect(await passwords.verify("correct horse batterz", stored)).toEqual({ matches: false, rehashDue: false });
    expect(await passwords.verify("correct horse battery", null)).toEqual({ matches: false, rehashDue: false });
  });

  it("S14: may take as much memory as the costliest row that is accepted, and no more", async () => {
    const derived = deriveScryptKey(encodeText("x"), encodeText("salt"), { log2N: 18, r: 8, p: 1 }, 32);
    expect(await derived).toHaveLength(32);
  });
});

describe("S15: comparing takes constant time", () => {
  it("S15: keys are compared as a whole, and never thrown about when their lengths differ", () => {
    const key = fromHex("00ff".repeat(16));
    expect(isSameKey(key, key.slice())).toBe(true);
    expect(isSameKey(key, fromHex("00fe".repeat(16)))).toBe(false);
    expect(isSameKey(key, key.slice(1))).toBe(false);
  });

  it("S15: a login costs one hash of today's, whether the number is known, unknown or none at all", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    const tries: [string, string][] = [
      [ADAS_NUMBER, ADA.password],
      [ADAS_NUMBER, "not the one"],
      ["99999", ADA.password],
      ["no number", "not the one"],
      [ADAS_NUMBER, "short"],
      ["99999", "short"],
    ];
    for (const [index, [phoneNumber, password]] of tries.entries()) {
      const from = { address: `10.0.0.${index}` };
      expect(await stage.hashesOf(() => stage.users.login({ phoneNumber, password }, from))).toBe(1);
    }
    expect(new Set(stage.scrypt.costs.map((cost) => JSON.stringify(cost))).size).toBe(1);
  });

  it("S15: S17: signing up costs one hash, whether the number is taken or free", async () => {
    const stage = await openAccounts();
    expect(await stage.hashesOf(() => stage.users.register(ADA))).toBe(1);
    expect(await stage.hashesOf(() => stage.users.register(ADA))).toBe(1);
  });
});
