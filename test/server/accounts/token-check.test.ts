import { describe, expect, it } from "vitest";
import { ADA, errorOf, openAccounts } from "./accounts-stage.js";

describe("a token of the built-in accounts", () => {
  it("says who comes, when it was issued, and when the session ends", async () => {
    const stage = await openAccounts();
    const { userId, token, expiresAt } = await stage.users.register(ADA);
    expect(await stage.accounts.auth.authenticate(token)).toEqual({
      userId,
      issuedAt: stage.runtime.now(),
      expiresAt: expiresAt + 30_000,
    });
  });

  it("lets nobody in who has no account", async () => {
    const [stage, other] = [await openAccounts(keys), await openAccounts(keys)];
    await other.users.register({ ...ADA, phoneNumber: "55555" });
    const { token } = await other.users.register(ADA);
    await stage.users.register(ADA);
    expect(await stage.whoIs(token)).toBeNull();
  });

  it("cannot be judged while the storage is away, so that the client comes back", async () => {
    const stage = await openAccounts();
    const { token } = await stage.users.register(ADA);
    stage.storage.users.findMany = () => Promise.reject(new Error("disk on fire"));
    expect((await errorOf(stage.accounts.auth.authenticate(token))).code).toBe("busy");
    expect((await errorOf(stage.accounts.auth.recheck([{ userId: "1", issuedAt: 0 }]))).code).toBe("busy");
  });
});

const keys = { keys: [{ id: "k", secret: "0123456789abcdef0123456789abcdef" }] };

describe("S12: sessions that are asked about again", () => {
  it("S12: end when their token was revoked or their user is gone, and the others stay", async () => {
    const stage = await openAccounts();
    const ada = await stage.users.register(ADA);
    const bob = await stage.users.register({ ...ADA, phoneNumber: "55555" });
    const old = { userId: ada.userId, issuedAt: stage.runtime.now() };
    await stage.time.advance(5_000);
    await stage.users.logOutEverywhere(ada.userId);
    const { token } = await stage.users.login({ phoneNumber: ADA.phoneNumber, password: ADA.password });
    const identity = await stage.accounts.auth.authenticate(token);
    const fresh = { userId: ada.userId, issuedAt: identity?.issuedAt ?? 0 };
    const others = [
      { userId: bob.userId, issuedAt: 1 },
      { userId: "gone", issuedAt: stage.runtime.now() },
    ];
    const answers = await stage.accounts.auth.recheck([old, fresh, ...others, { userId: bob.userId }]);
    expect(answers).toEqual([false, true, true, false, false]);
  });

  it("knows who has an account", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    expect([await stage.accounts.auth.exists(userId), await stage.accounts.auth.exists("nobody")]).toEqual([
      true,
      false,
    ]);
  });
});
