import jwt from "jsonwebtoken";
import { describe, expect, it } from "vitest";
import { accountsProblems, parseAccountsOptions } from "../../../src/server/accounts/accounts-options.js";
import { Tokens } from "../../../src/server/accounts/tokens.js";
import { VirtualServerRuntime } from "../../../src/testing/fakes/virtual-server-runtime.js";
import { VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

const secret = "0123456789abcdef0123456789abcdef";

function open(wallStart?: number) {
  const time = new VirtualTime();
  const runtime = new VirtualServerRuntime(time, 1, wallStart);
  const settings = parseAccountsOptions({ keys: [{ id: "k1", secret }] }, runtime);
  return { time, runtime, tokens: new Tokens(settings, runtime) };
}

describe("a token", () => {
  it("names its user, whom it is for, its times and itself", () => {
    const { tokens, runtime } = open();
    const { token, expiresAt } = tokens.issue("ada", runtime.now());
    const decoded = jwt.decode(token, { complete: true });
    expect(decoded?.header).toEqual({ alg: "HS256", typ: "JWT", kid: "k1" });
    expect(decoded?.payload).toEqual({
      sub: "ada",
      iss: "shyim",
      aud: "shyim",
      exp: 1_700_086_400,
      iat: 1_700_000_000,
      jti: expect.stringMatching(/^[0-9a-f]{32}$/),
      at: 1_700_000_000_000,
    });
    expect(expiresAt).toBe(1_700_086_400_000);
  });

  it("tells when it was issued, and until when it is accepted", () => {
    const { tokens, runtime } = open();
    const { token, expiresAt } = tokens.issue("ada", runtime.now());
    expect(tokens.verify(token)).toEqual({
      userId: "ada",
      issuedAt: runtime.now(),
      acceptedUntil: expiresAt + 30_000,
    });
  });

  it("is never the same twice", () => {
    const { tokens, runtime } = open();
    expect(tokens.issue("ada", runtime.now()).token).not.toBe(tokens.issue("ada", runtime.now()).token);
  });

  it("is measured with the runtime's clock alone, also at the beginning of time", async () => {
    const { tokens, runtime, time } = open(0);
    const { token } = tokens.issue("ada", runtime.now());
    expect(tokens.verify(token)?.userId).toBe("ada");
    await time.advance(86_400_000 + 29_999);
    expect(tokens.verify(token)?.userId).toBe("ada");
    await time.advance(1);
    expect(tokens.verify(token)).toBeNull();
  });

  it("takes a secret that looks like a file of keys for the secret it is", () => {
    const { runtime } = open();
    const pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n";
    const tokens = new Tokens(parseAccountsOptions({ keys: [{ id: "k", secret: pem }] }, runtime), runtime);
    expect(tokens.verify(tokens.issue("ada", 1).token)?.userId).toBe("ada");
  });
});

describe("the options of the accounts", () => {
  it("are complete without a word, with a key that no other process has", () => {
    const [one, two] = [1, 2].map((seed) =>
      parseAccountsOptions({}, new VirtualServerRuntime(new VirtualTime(), seed)),
    );
    expect(one).toMatchObject({ issuer: "shyim", audience: "shyim", tokenTtlMs: 86_400_000 });
    expect(one?.keys[0]?.secret).toHaveLength(32);
    expect(one?.keys[0]?.secret).not.toEqual(two?.keys[0]?.secret);
    expect(one?.keys[0]?.id).not.toBe(two?.keys[0]?.id);
  });

  it("keep a copy of the secret, so that nobody changes it from outside", () => {
    const { runtime } = open();
    const bytes = new Uint8Array(32).fill(7);
    const settings = parseAccountsOptions({ keys: [{ id: "k", secret: bytes }] }, runtime);
    bytes.fill(0);
    expect(settings.keys[0]?.secret[0]).toBe(7);
  });

  it.each([
    [null, "expected an object, got null"],
    [{ key: "x" }, "key: there is no such option"],
    [{ keys: [] }, "keys: expected a list of { id, secret }"],
    [{ keys: "x" }, "keys: expected a list of { id, secret }"],
    [{ keys: [{ secret }] }, "keys.0.id: expected 1–64 printable"],
    [{ keys: [{ id: "a b", secret }] }, "keys.0.id: expected 1–64 printable"],
    [
      {
        keys: [
          { id: "a", secret },
          { id: "a", secret },
        ],
      },
      'keys.1.id: expected an id that no other key has, got "a"',
    ],
    [{ keys: [null] }, "keys.0.secret: expected at least 32 bytes"],
    [{ issuer: "" }, "issuer: expected a text of 1–200 characters"],
    [{ audience: 5 }, "audience: expected a text of 1–200 characters, got 5"],
    [{ tokenTtlMs: 59_999 }, "tokenTtlMs: expected an integer from 60000 to 2592000000, got 59999"],
    [{ tokenTtlMs: 2_592_000_001 }, "tokenTtlMs: expected an integer"],
    [{ tokenTtlMs: "1h" }, "tokenTtlMs: expected an integer"],
  ])("are refused: %j", (options, problem) => {
    expect(accountsProblems(options)).toContainEqual(expect.stringContaining(problem));
  });
});
