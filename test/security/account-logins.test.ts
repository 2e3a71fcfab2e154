import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LoginThrottle } from "../../src/server/accounts/login-throttle.js";
import type { Credentials, Registration } from "../../src/server/im-accounts.js";
import { VirtualRuntime, VirtualTime } from "../../src/testing/fakes/virtual-time.js";
import { type AccountsStage, ADA, ADAS_NUMBER, errorOf, openAccounts } from "../server/accounts/accounts-stage.js";

const HOME = { address: "192.168.1.1" };
const wrong = { phoneNumber: ADA.phoneNumber, password: "not the one" };
const right = { phoneNumber: ADA.phoneNumber, password: ADA.password };

/** Strangers guess until they are told to wait; how often they may. */
async function guess(stage: AccountsStage, count: number, addressOf: (n: number) => string): Promise<number> {
  let guesses = 0;
  for (let n = 0; n < count; n++) {
    const { code } = await errorOf(stage.users.login(wrong, { address: addressOf(n) }));
    if (code === "unauthenticated") guesses++;
  }
  return guesses;
}

describe("S16: throttled logins that lock nobody out", () => {
  it("X8, S16: from one address five guesses are free, then the waiting begins", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    expect(await guess(stage, 100, () => "6.6.6.6")).toBe(5);
    expect(await errorOf(stage.users.login(right, { address: "6.6.6.6" }))).toMatchObject({
      code: "rate_limited",
      retryAfterMs: 1_000,
    });
  });

  it("S16: a hundred guesses at one time do not slip through together", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    const all = Array.from({ length: 100 }, () => errorOf(stage.users.login(wrong, { address: "6.6.6.6" })));
    const codes = (await Promise.all(all)).map(({ code }) => code);
    expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(5);
    expect(stage.audited.filter(({ action }) => action === "login_failed")).toHaveLength(5);
  });

  it("S16: from everywhere together 50 guesses a minute are made on one account", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    expect(await guess(stage, 500, (n) => `6.6.${n >> 8}.${n & 255}`)).toBe(50);
  });

  it("S16: strangers who use up the account's budget do not lock out who signed in from there before", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    await stage.users.login(right, HOME);
    for (let minute = 0; minute < 5; minute++) {
      await guess(stage, 100, (n) => `6.6.6.${n}`);
      expect((await errorOf(stage.users.login(right, { address: "7.7.7.7" }))).code).toBe("rate_limited");
      expect((await stage.users.login(right, HOME)).userId).toBe("1");
      await stage.time.advance(60_000);
    }
    expect((await stage.users.login(right, { address: "7.7.7.7" })).userId).toBe("1");
  });

  it("S16: whatever strangers do elsewhere, the victim is let in from a known address", () => {
    const step = fc.record({ gap: fc.oneof(fc.constant(0), fc.nat(5_000)), stranger: fc.nat(80) });
    return fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 200 }), async (steps) => {
        const time = new VirtualTime();
        const throttle = new LoginThrottle(new VirtualRuntime(time));
        const comeHome = () => {
          const attempt = throttle.take("victim", HOME.address);
          expect(attempt.retryAfterMs).toBeNull();
          if (attempt.retryAfterMs === null) throttle.succeeded(attempt);
        };
        comeHome();
        for (const { gap, stranger } of steps) {
          await time.advance(gap);
          throttle.take("victim", `6.6.6.${stranger}`);
          comeHome();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("S16: whatever strangers do elsewhere, no more than 50 of their guesses are let through in any minute", () => {
    const step = fc.record({ gap: fc.oneof(fc.constant(0), fc.nat(1_500)), stranger: fc.nat(500) });
    return fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 80, maxLength: 250 }), async (steps) => {
        const time = new VirtualTime();
        const throttle = new LoginThrottle(new VirtualRuntime(time));
        const guesses: number[] = [];
        for (const { gap, stranger } of steps) {
          await time.advance(gap);
          const { retryAfterMs } = throttle.take("victim", `6.6.${stranger >> 8}.${stranger & 255}`);
          if (retryAfterMs === null) guesses.push(time.elapsed);
        }
        for (const from of guesses) {
          expect(guesses.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(50);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("S17: answers tell nothing about others", () => {
  it("X9, S17: an unknown number, a wrong password and what is no number get the same answer", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    const tries = [
      wrong,
      { ...wrong, phoneNumber: "99999" },
      { ...wrong, phoneNumber: "no number" },
      { ...wrong, password: "short" },
      { phoneNumber: "99999", password: "x".repeat(10_000) },
    ];
    const answers = await Promise.all(
      tries.map((credentials, n) => errorOf(stage.users.login(credentials, { address: `10.0.0.${n}` }))),
    );
    const seen = answers.map(({ code, message, retryAfterMs, cause }) => ({ code, message, retryAfterMs, cause }));
    const expected = { code: "unauthenticated", message: "the phone number or the password is wrong" };
    expect(seen).toEqual(tries.map(() => expected));
  });

  it("S17: an unknown number is throttled like a known one", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    const answersFor = async (phoneNumber: string, address: string) => {
      const answers: unknown[] = [];
      for (let n = 0; n < 8; n++) {
        const { code, retryAfterMs } = await errorOf(stage.users.login({ ...wrong, phoneNumber }, { address }));
        answers.push([code, retryAfterMs]);
      }
      return answers;
    };
    expect(await answersFor("99999", "6.6.6.6")).toEqual(await answersFor(ADAS_NUMBER, "7.7.7.7"));
  });

  it("S17: a number that is taken gives no reason, and nothing of the storage's words", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    const error = await errorOf(stage.users.register({ ...ADA, nickname: "Eve", password: "another one" }));
    expect(error).toMatchObject({ code: "add_failed", message: "this account cannot be created" });
    expect(error.cause).toBeUndefined();
  });

  it("S17: profiles hold no phone number", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    expect(await stage.users.profiles([userId])).toEqual([{ userId, nickname: "Ada" }]);
  });
});

describe("S22: fields by an allow-list", () => {
  it.each([
    ["an id", { ...ADA, id: "1" }],
    ["a hash", { ...ADA, passwordHash: "scrypt$1$1$1$AA$AA" }],
    ["a time of revocation", { ...ADA, revokedBefore: 0 }],
    ["a prototype", JSON.parse(JSON.stringify(ADA).replace("{", '{"__proto__":{"id":"root"},'))],
    ["a constructor", JSON.parse(JSON.stringify(ADA).replace("{", '{"constructor":{"prototype":{"id":"root"}},'))],
  ])("S22: nobody signs up with %s of their own", async (_what, registration) => {
    const stage = await openAccounts();
    expect((await errorOf(stage.users.register(registration as Registration))).code).toBe("invalid_argument");
    expect(Reflect.get({}, "id")).toBeUndefined();
    expect((await stage.users.register(ADA)).userId).toBe("1");
  });

  it("S22: the other calls take no more than they name", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    const more = { ...right, userId };
    expect((await errorOf(stage.users.login(more))).code).toBe("invalid_argument");
    const passwords = { password: ADA.password, newPassword: "another long one", userId: "2" };
    expect((await errorOf(stage.users.changePassword(userId, passwords))).code).toBe("invalid_argument");
  });
});

describe("S31: no secrets in errors and in the audit", () => {
  it("S31: no error of these calls repeats a password, a phone number or a token", async () => {
    const stage = await openAccounts();
    const { userId, token } = await stage.users.register(ADA, HOME);
    const canary = "canary-5551234567";
    const { users } = stage;
    const calls: Promise<unknown>[] = [
      users.register({ ...ADA, phoneNumber: canary }),
      users.register({ ...ADA, nickname: `${canary}\n` }),
      users.register({ ...ADA, password: `${canary}${"x".repeat(200)}` }),
      users.register({ ...ADA, [canary]: canary } as Registration),
      users.register(ADA),
      users.login({ phoneNumber: canary, password: canary }),
      users.login({ ...right, password: canary }),
      users.login({ phoneNumber: [canary] as unknown as string, password: canary }),
      users.login({ ...right, [canary]: canary } as Credentials),
      users.rename(userId, `${canary}\u202e`),
      users.changePassword(userId, { password: canary, newPassword: `${canary} new` }),
      users.changePassword(userId, { password: ADA.password, newPassword: `${canary}\ud800` }),
    ];
    for (const call of calls) {
      const error = await errorOf(call);
      const text = `${error.message} ${error.stack} ${String(error.cause)}`;
      for (const secret of [canary, ADA.password, ADAS_NUMBER, ADA.phoneNumber, token]) {
        expect(text).not.toContain(secret);
      }
    }
  });

  it("S31: S32: no event of the audit holds a password, a phone number or a token", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA, HOME);
    await errorOf(stage.users.login(wrong, HOME));
    const { token } = await stage.users.login(right, HOME);
    const changed = await stage.users.changePassword(userId, {
      password: ADA.password,
      newPassword: "another long one",
    });
    await stage.users.logOutEverywhere(userId);
    const text = JSON.stringify(stage.audited);
    const actions = stage.audited.map(({ action }) => action);
    expect(actions).toEqual([
      "registered",
      "login_failed",
      "login_succeeded",
      "password_changed",
      "logged_out_everywhere",
    ]);
    for (const secret of [ADA.password, "another", ADAS_NUMBER, ADA.phoneNumber, token, changed.token]) {
      expect(text).not.toContain(secret);
    }
  });
});
