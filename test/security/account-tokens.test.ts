import { createHmac, generateKeyPairSync } from "node:crypto";
import jwt from "jsonwebtoken";
import { describe, expect, it } from "vitest";
import { isImError } from "../../src/core/errors.js";
import type { AccountsOptions } from "../../src/server/accounts/accounts-options.js";
import { parseAccountsOptions } from "../../src/server/accounts/accounts-options.js";
import { Tokens } from "../../src/server/accounts/tokens.js";
import { VirtualServerRuntime } from "../../src/testing/fakes/virtual-server-runtime.js";
import { VirtualTime } from "../../src/testing/fakes/virtual-time.js";

const SECRET = "the first secret, thirty-two bytes or more";
const SECOND = "another secret, thirty-two bytes and more";
const NOW_S = 1_700_000_000;

function open(options: AccountsOptions = { keys: [{ id: "k1", secret: SECRET }] }) {
  const time = new VirtualTime();
  const runtime = new VirtualServerRuntime(time);
  return { time, tokens: new Tokens(parseAccountsOptions(options, runtime), runtime) };
}

const part = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token signed by hand: whatever header, whatever payload, with the right secret unless told otherwise. */
function sign(header: unknown, payload: unknown, secret: string | Buffer = SECRET): string {
  const body = `${part(header)}.${part(payload)}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}

const header = { alg: "HS256", typ: "JWT", kid: "k1" };
const claims = {
  sub: "ada",
  iss: "shyim",
  aud: "shyim",
  exp: NOW_S + 3_600,
  iat: NOW_S,
  jti: "00",
  at: NOW_S * 1_000,
};
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
const good = sign(header, claims);
const [goodHeader = "", goodPayload = "", goodSignature = ""] = good.split(".");
const without = (name: string) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

describe("S10: tokens of our own", () => {
  it("S10: one made by hand as ours are is accepted, so that the rows below fail for one reason only", () => {
    expect(open().tokens.verify(good)).toMatchObject({ userId: "ada", issuedAt: NOW_S * 1_000 });
  });

  it.each([
    ["no algorithm and no signature", `${part({ ...header, alg: "none" })}.${goodPayload}.`],
    ["no algorithm, written oddly", `${part({ ...header, alg: "nOnE" })}.${goodPayload}.`],
    ["no algorithm but a signature", sign({ ...header, alg: "none" }, claims)],
    ["its signature cut off", `${goodHeader}.${goodPayload}.`],
    ["another HMAC", jwt.sign(claims, SECRET, { algorithm: "HS512", keyid: "k1" })],
    ["RS256 where HS256 is meant", jwt.sign(claims, privateKey, { algorithm: "RS256", keyid: "k1" })],
    ["a public key as the secret", sign(header, claims, publicPem)],
    ["a public key as the secret, named RS256", sign({ ...header, alg: "RS256" }, claims, publicPem)],
    ["a list of algorithms", sign({ ...header, alg: ["HS256"] }, claims)],
    ["an unknown key", sign({ ...header, kid: "k2" }, claims)],
    ["no key", sign({ alg: "HS256", typ: "JWT" }, claims)],
    ["a path as its key", sign({ ...header, kid: "../../../../dev/null" }, claims, "")],
    ["a name of every object as its key", sign({ ...header, kid: "__proto__" }, claims, "")],
    ["a number as its key", sign({ ...header, kid: 1 }, claims)],
    ["a list as its key", sign({ ...header, kid: ["k1"] }, claims)],
    ["an object as its key", sign({ ...header, kid: { toString: "k1" } }, claims)],
    ["null as its key", sign({ ...header, kid: null }, claims)],
    ["an empty secret", sign(header, claims, "")],
    ["zero bytes as its secret", sign(header, claims, Buffer.alloc(32))],
    ["another secret", sign(header, claims, SECOND)],
    ["a key of its own in the header", sign({ ...header, jwk: { kty: "oct", k: part("") } }, claims)],
    ["the address of a key in the header", sign({ ...header, jku: "http://localhost/keys" }, claims)],
    ["an extension that has to be understood", sign({ ...header, crit: ["b64"], b64: false }, claims)],
    ["an end 30 s ago", sign(header, { ...claims, exp: NOW_S - 30 })],
    ["no end", sign(header, without("exp"))],
    ["its end as a text", sign(header, { ...claims, exp: String(NOW_S + 3_600) })],
    ["its end as null", sign(header, { ...claims, exp: null })],
    ["an endless end", sign(header, JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999'))],
    ["an end between two seconds", sign(header, { ...claims, exp: NOW_S + 0.5 })],
    ["a beginning in 31 s", sign(header, { ...claims, nbf: NOW_S + 31 })],
    ["its beginning as a text", sign(header, { ...claims, nbf: "0" })],
    ["another issuer", sign(header, { ...claims, iss: "someone" })],
    ["no issuer", sign(header, without("iss"))],
    ["issuers", sign(header, { ...claims, iss: ["shyim"] })],
    ["another audience", sign(header, { ...claims, aud: "someone" })],
    ["no audience", sign(header, without("aud"))],
    ["our audience among others", sign(header, { ...claims, aud: ["shyim", "someone"] })],
    ["two users", sign(header, JSON.stringify(claims).replace("{", '{"sub":"bob",'))],
    ["the same user twice", sign(header, JSON.stringify(claims).replace("{", '{"sub":"ada",'))],
    ["a list of users", sign(header, { ...claims, sub: ["ada"] })],
    ["a number as its user", sign(header, { ...claims, sub: 7 })],
    ["no user", sign(header, without("sub"))],
    ["an empty user", sign(header, { ...claims, sub: "" })],
    ["a user that is no id", sign(header, { ...claims, sub: "ada lovelace" })],
    ["no time of its issue", sign(header, without("at"))],
    ["its time of issue as a text", sign(header, { ...claims, at: String(claims.at) })],
    ["an endless time of issue", sign(header, JSON.stringify(claims).replace(/"at":\d+/, '"at":1e999'))],
    ["a text for claims", sign(header, '"ada"')],
    ["a list for claims", sign(header, [claims])],
    ["null for claims", sign(header, "null")],
    ["claims that are no JSON", sign(header, "{")],
    ["a header that is no JSON", sign("{", claims)],
    ["a header that is null", sign("null", claims)],
    ["claims changed after signing", `${goodHeader}.${part({ ...claims, sub: "bob" })}.${goodSignature}`],
    ["a header changed after signing", `${part({ ...header, typ: "jwt" })}.${goodPayload}.${goodSignature}`],
    ["a line break behind it", `${good}\n`],
    ["a space before it", ` ${good}`],
    ["a padded signature", `${good}=`],
    ["a fourth part", `${good}.x`],
    ["two parts", `${goodHeader}.${goodPayload}`],
    ["nothing but dots", ".."],
    ["nothing", ""],
    ["garbage", "\u0000\ud800☃"],
    ["more than 4 KiB", sign(header, { ...claims, jti: "0".repeat(4_096) })],
    ["a megabyte of dots", ".".repeat(1_048_576)],
  ])("S10: one with %s is refused without a word", (_what, token) => {
    expect(open().tokens.verify(token)).toBeNull();
  });

  it.each([[undefined], [null], [7], [{}], [[good]], [{ toString: () => good }]])(
    "S10: what is no text is refused: %j",
    (token) => {
      expect(open().tokens.verify(token)).toBeNull();
    },
  );

  it("S10: above 4 KiB nothing is read at all, at 4 KiB it is", () => {
    const padded = (length: number) => sign(header, { ...claims, jti: "0".repeat(length) });
    const fitting =
      Array.from({ length: 4_096 }, (_, n) => n)
        .filter((n) => padded(n).length <= 4_096)
        .at(-1) ?? 0;
    expect(open().tokens.verify(padded(fitting))?.userId).toBe("ada");
    expect(open().tokens.verify(padded(fitting + 3))).toBeNull();
  });

  it("S10: the clocks of two nodes may be 30 s apart and no more", () => {
    const { tokens } = open();
    expect(tokens.verify(sign(header, { ...claims, exp: NOW_S - 29 }))?.userId).toBe("ada");
    expect(tokens.verify(sign(header, { ...claims, nbf: NOW_S + 30 }))?.userId).toBe("ada");
  });

  it("S10: one of another issuer with the same key is refused, and the other way round", () => {
    const keys = [{ id: "k1", secret: SECRET }];
    const [a, b] = [open({ keys, issuer: "a" }), open({ keys, audience: "b" })];
    expect(b.tokens.verify(a.tokens.issue("ada", 1).token)).toBeNull();
    expect(a.tokens.verify(b.tokens.issue("ada", 1).token)).toBeNull();
  });
});

describe("S11: no default and no weak secret", () => {
  it.each([
    ["an empty one", ""],
    ["a short word", "secret"],
    ["31 bytes", "x".repeat(31)],
    ["31 bytes of binary", new Uint8Array(31)],
    ["none", undefined],
    ["a number", 12345678],
  ])("S11: a secret is refused when it is %s, and the error does not repeat it", (_what, secret) => {
    const keys = [{ id: "k1", secret: secret as string }];
    const refusal = (() => {
      try {
        return open({ keys });
      } catch (error) {
        return error;
      }
    })();
    if (!isImError(refusal, "invalid_argument")) throw new Error("expected a refusal");
    expect(refusal.message).toContain("keys.0.secret: expected at least 32 bytes that nobody can guess");
    if (typeof secret === "string" && secret !== "") expect(refusal.message).not.toContain(`"${secret}"`);
  });

  it("S11: 32 bytes are enough, also where they are fewer characters", () => {
    for (const secret of ["x".repeat(32), "ü".repeat(16), new Uint8Array(32)]) {
      const { tokens } = open({ keys: [{ id: "k", secret }] });
      expect(tokens.verify(tokens.issue("ada", 1).token)?.userId).toBe("ada");
    }
  });

  it("X1, S11: without a secret every process makes its own, and accepts no other's tokens", () => {
    const processes = [1, 2].map((seed) => {
      const runtime = new VirtualServerRuntime(new VirtualTime(), seed);
      return new Tokens(parseAccountsOptions({}, runtime), runtime);
    });
    const [a, b] = processes as [Tokens, Tokens];
    expect(a.verify(a.issue("ada", 1).token)?.userId).toBe("ada");
    expect(b.verify(a.issue("ada", 1).token)).toBeNull();
  });
});

describe("S13: keys can be rotated", () => {
  const [old, fresh] = [
    { id: "old", secret: SECRET },
    { id: "new", secret: SECOND },
  ];

  it("S13: the first key signs, tokens of the one before are still accepted", () => {
    const before = open({ keys: [old] }).tokens.issue("ada", 1).token;
    const { tokens } = open({ keys: [fresh, old] });
    expect(tokens.verify(before)?.userId).toBe("ada");
    const after = tokens.issue("ada", 1).token;
    expect(jwt.decode(after, { complete: true })?.header.kid).toBe("new");
    expect(tokens.verify(after)?.userId).toBe("ada");
  });

  it("S13: a key that was taken out ends its tokens", () => {
    const before = open({ keys: [old] }).tokens.issue("ada", 1).token;
    expect(open({ keys: [fresh] }).tokens.verify(before)).toBeNull();
  });

  it("S13: a token counts with the key it names, not with any that fits", () => {
    const { tokens } = open({ keys: [fresh, old] });
    expect(tokens.verify(sign({ ...header, kid: "new" }, claims, SECRET))).toBeNull();
    expect(tokens.verify(sign({ ...header, kid: "old" }, claims, SECRET))?.userId).toBe("ada");
  });
});
