import { describe, expect, it } from "vitest";
import { encodeText } from "../../../src/core/bytes.js";
import { formatStoredPassword } from "../../../src/server/accounts/stored-password.js";
import { type AccountsStage, ADA, ADAS_NUMBER, errorOf, openAccounts } from "./accounts-stage.js";

const from = { address: "10.0.0.1" };
const login = (stage: AccountsStage, password = ADA.password) =>
  stage.users.login({ phoneNumber: ADA.phoneNumber, password }, from);

/** As if Ada's password had been hashed by an older version. */
async function storeAtOldCost({ scrypt, storage }: AccountsStage, userId: string): Promise<void> {
  const [cost, salt] = [{ log2N: 14, r: 8, p: 1 }, new Uint8Array(16)];
  const key = await scrypt.deriveKey(encodeText(ADA.password), salt, cost, 32);
  await storage.users.update(userId, { passwordHash: formatStoredPassword({ cost, salt, key }) });
}

describe("signing up", () => {
  it("gives an account, and a token that lets it in", async () => {
    const stage = await openAccounts();
    const { userId, token, expiresAt } = await stage.users.register(ADA, from);
    expect(await stage.whoIs(token)).toBe(userId);
    expect(expiresAt).toBe(stage.runtime.now() + 86_400_000);
    expect(await stage.users.me(userId)).toEqual({ userId, nickname: "Ada", phoneNumber: ADAS_NUMBER });
    expect(stage.audited).toEqual([{ action: "registered", userId, address: "10.0.0.1" }]);
  });

  it("stores no password, only its hash", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    const row = await stage.storage.users.find(userId);
    expect(row?.passwordHash).toMatch(/^scrypt\$15\$8\$3\$/);
    expect(JSON.stringify(row)).not.toContain(ADA.password);
  });

  it("is told to nobody when it fails", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    await errorOf(stage.users.register({ ...ADA, phoneNumber: ADAS_NUMBER }));
    await errorOf(stage.users.register({ ...ADA, password: "short" }));
    expect(stage.audited).toHaveLength(1);
  });

  it("is allowed ten times a minute from one address; what is no registration does not count", async () => {
    const stage = await openAccounts();
    const register = (n: number) => stage.users.register({ ...ADA, phoneNumber: `10000${n}` }, from);
    for (let n = 0; n < 20; n++) await errorOf(stage.users.register({ ...ADA, password: "short" }, from));
    for (let n = 0; n < 10; n++) await register(n);
    expect(await errorOf(register(10))).toMatchObject({ code: "rate_limited", retryAfterMs: 60_000 });
    await stage.time.advance(60_000);
    await register(10);
  });
});

describe("signing in", () => {
  it("gives a token, however the phone number is written", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    const signedIn = await stage.users.login({ phoneNumber: "+49-170 1234567", password: ADA.password }, from);
    expect(signedIn.userId).toBe(userId);
    expect(await stage.whoIs(signedIn.token)).toBe(userId);
    expect(stage.audited.slice(1)).toEqual([{ action: "login_succeeded", userId, address: "10.0.0.1" }]);
  });

  it("is audited once when it fails, with the user where there is one", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await errorOf(login(stage, "not the one"));
    await errorOf(stage.users.login({ phoneNumber: "99999", password: "not the one" }));
    expect(stage.audited.slice(1)).toEqual([
      { action: "login_failed", userId, address: "10.0.0.1" },
      { action: "login_failed", userId: null, address: null },
    ]);
  });

  it("stores the password again when it was hashed at another cost, once", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await storeAtOldCost(stage, userId);
    expect(await stage.hashesOf(() => login(stage))).toBe(2);
    expect((await stage.storage.users.find(userId))?.passwordHash).toMatch(/^scrypt\$15\$8\$3\$/);
    expect(await stage.hashesOf(() => login(stage))).toBe(1);
  });

  it("does not bring an old password back when it was changed while it was hashed again", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await storeAtOldCost(stage, userId);
    const findByPhoneNumber = stage.storage.users.findByPhoneNumber.bind(stage.storage.users);
    stage.storage.users.findByPhoneNumber = async (phoneNumber) => {
      const user = await findByPhoneNumber(phoneNumber);
      await stage.storage.users.update(userId, { passwordHash: "changed meanwhile" });
      return user;
    };
    await login(stage);
    expect((await stage.storage.users.find(userId))?.passwordHash).toBe("changed meanwhile");
  });

  it("does not bring an old password back when it was changed just before the new hash is stored", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await storeAtOldCost(stage, userId);
    const { users } = stage.storage;
    const update = users.update.bind(users);
    users.update = async (id, changes, expected) => {
      await update(id, { passwordHash: "changed meanwhile" });
      return update(id, changes, expected);
    };
    expect((await login(stage)).userId).toBe(userId);
    expect((await users.find(userId))?.passwordHash).toBe("changed meanwhile");
  });

  it("lets somebody in also when the password cannot be stored again", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await storeAtOldCost(stage, userId);
    stage.storage.users.update = () => Promise.reject(new Error("disk full"));
    expect((await login(stage)).userId).toBe(userId);
  });

  it("S14: is told to come back where one network asks too often at a time, and nowhere else", async () => {
    const stage = await openAccounts();
    const codeOf = async (n: number, address: string) => {
      const { code } = await errorOf(
        stage.users.login({ phoneNumber: `1000${n}`, password: "not the one" }, { address }),
      );
      return code;
    };
    const flood = Array.from({ length: 25 }, (_, n) => codeOf(10 + n, `2001:db8::${n}`));
    const others = Array.from({ length: 25 }, (_, n) => codeOf(50 + n, `10.0.0.${n}`));
    expect(new Set(await Promise.all(flood))).toEqual(new Set(["unauthenticated", "busy"]));
    expect(new Set(await Promise.all(others))).toEqual(new Set(["unauthenticated"]));
  });

  it("counts as no failure when the storage is away", async () => {
    const stage = await openAccounts();
    await stage.users.register(ADA);
    await stage.storage.close();
    for (let n = 0; n < 20; n++) expect(await errorOf(login(stage))).toMatchObject({ code: "unavailable" });
    await stage.storage.start();
    expect((await errorOf(login(stage, "not the one"))).code).toBe("unauthenticated");
    expect(stage.audited.filter(({ action }) => action === "login_failed")).toHaveLength(1);
  });
});

describe("logging out everywhere", () => {
  it("ends the sessions and every token so far, also one of this very millisecond", async () => {
    const stage = await openAccounts();
    const { userId, token } = await stage.users.register(ADA);
    expect(await stage.users.logOutEverywhere(userId)).toBe(1);
    expect(stage.disconnected).toEqual([userId]);
    expect(await stage.whoIs(token)).toBeNull();
    expect(stage.audited.slice(1)).toEqual([{ action: "logged_out_everywhere", userId }]);
  });

  it("leaves the tokens that come after it, also those of this very millisecond", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await stage.users.logOutEverywhere(userId);
    expect(await stage.whoIs((await login(stage)).token)).toBe(userId);
  });

  it("works as well after the clock was put back", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await stage.users.logOutEverywhere(userId);
    stage.runtime.jumpClock(-3_600_000);
    const { token } = await login(stage);
    expect(await stage.whoIs(token)).toBe(userId);
    await stage.users.logOutEverywhere(userId);
    expect(await stage.whoIs(token)).toBeNull();
  });

  it("is refused for who does not exist", async () => {
    const stage = await openAccounts();
    expect((await errorOf(stage.users.logOutEverywhere("nobody"))).code).toBe("not_found");
    expect([stage.disconnected, stage.audited]).toEqual([[], []]);
  });
});

describe("changing the password", () => {
  const passwords = { password: ADA.password, newPassword: "another long one" };

  it("makes the old one and every token so far worthless, and gives a new token", async () => {
    const stage = await openAccounts();
    const { userId, token } = await stage.users.register(ADA);
    const changed = await stage.users.changePassword(userId, passwords);
    expect([await stage.whoIs(token), await stage.whoIs(changed.token)]).toEqual([null, userId]);
    expect((await errorOf(login(stage))).code).toBe("unauthenticated");
    expect((await login(stage, passwords.newPassword)).userId).toBe(userId);
    expect(stage.audited[1]).toEqual({ action: "password_changed", userId });
    expect(stage.audited.filter(({ action }) => action === "password_changed")).toHaveLength(1);
  });

  it("ends what somebody gets who signs in with the old one at the same time", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    const findByPhoneNumber = stage.storage.users.findByPhoneNumber.bind(stage.storage.users);
    stage.storage.users.findByPhoneNumber = async (phoneNumber) => {
      const user = await findByPhoneNumber(phoneNumber);
      await stage.users.changePassword(userId, passwords);
      return user;
    };
    const { token } = await login(stage);
    expect(await stage.whoIs(token)).toBeNull();
  });

  it("succeeds once when two do it at the same time with one old password", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    const newPasswords = ["the first new one", "the second new one"];
    const changes = newPasswords.map((newPassword) =>
      stage.users.changePassword(userId, { ...passwords, newPassword }),
    );
    const outcomes = await Promise.allSettled(changes);
    const lost = outcomes.filter(({ status }) => status === "rejected");
    expect(lost).toMatchObject([{ reason: { code: "unauthenticated", message: "the password is wrong" } }]);
    const winner = newPasswords[outcomes.findIndex(({ status }) => status === "fulfilled")];
    expect((await login(stage, winner)).userId).toBe(userId);
    expect(
      stage.audited
        .map(({ action }) => action)
        .slice(1, 3)
        .sort(),
    ).toEqual(["login_failed", "password_changed"]);
  });

  it("is audited when the current password is wrong", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await errorOf(stage.users.changePassword(userId, { ...passwords, password: "not the one" }));
    expect(stage.audited.slice(1)).toEqual([{ action: "login_failed", userId, address: null }]);
  });

  it("is audited also when what comes after the new hash fails", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    const { users } = stage.storage;
    const update = users.update.bind(users);
    users.update = async (id, changes, expected) => {
      if (changes.passwordHash === undefined) throw new Error("dead");
      return update(id, changes, expected);
    };
    await errorOf(stage.users.changePassword(userId, passwords));
    expect(stage.audited.slice(1)).toEqual([{ action: "password_changed", userId }]);
  });

  it("makes the tokens so far worthless also when the server dies right after", async () => {
    const stage = await openAccounts();
    const { userId, token } = await stage.users.register(ADA);
    await stage.time.advance(1);
    const { users } = stage.storage;
    const update = users.update.bind(users);
    let calls = 0;
    users.update = (id, changes) => (++calls === 1 ? update(id, changes) : Promise.reject(new Error("dead")));
    await errorOf(stage.users.changePassword(userId, passwords));
    expect(await stage.whoIs(token)).toBeNull();
  });

  it("is refused without the right one, and slowed down like logins, but apart from them", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    for (let n = 0; n < 60; n++)
      await errorOf(stage.users.login({ ...pick(ADA), password: "no" }, { address: `${n}` }));
    for (let n = 0; n < 5; n++) {
      const error = await errorOf(stage.users.changePassword(userId, { ...passwords, password: "not the one" }));
      expect(error).toMatchObject({ code: "unauthenticated", message: "the password is wrong" });
    }
    const error = await errorOf(stage.users.changePassword(userId, passwords));
    expect(error).toMatchObject({ code: "rate_limited", retryAfterMs: 1_000 });
    await stage.time.advance(1_000);
    await stage.users.changePassword(userId, passwords);
  });

  it("is refused for a new one that is none, and for who does not exist", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    const short = stage.users.changePassword(userId, { ...passwords, newPassword: "short" });
    expect(await errorOf(short)).toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("newPassword must be"),
    });
    expect((await errorOf(stage.users.changePassword("nobody", passwords))).code).toBe("not_found");
  });
});

const pick = ({ phoneNumber }: typeof ADA) => ({ phoneNumber });

describe("profiles", () => {
  it("show nicknames of those who exist, ascending by id, and nothing else", async () => {
    const stage = await openAccounts();
    for (const id of ["b", "B", "a", "10", "9"]) {
      await stage.storage.users.create({ id, phoneNumber: `number ${id}`, nickname: `I am ${id}`, passwordHash: "x" });
    }
    const profiles = await stage.users.profiles(["b", "9", "nobody", "a", "b", "10", "B"]);
    expect(profiles).toEqual(["10", "9", "B", "a", "b"].map((userId) => ({ userId, nickname: `I am ${userId}` })));
  });

  it("are read 500 at a time, however many are asked for", async () => {
    const stage = await openAccounts();
    const sizes: number[] = [];
    stage.storage.users.findMany = async (userIds) => {
      sizes.push(userIds.length);
      return new Map();
    };
    await stage.users.profiles(Array.from({ length: 1_200 }, (_, n) => `u${n}`));
    expect(sizes).toEqual([500, 500, 200]);
  });

  it("are refused for what is no list of ids", async () => {
    const stage = await openAccounts();
    expect((await errorOf(stage.users.profiles("a" as unknown as string[]))).code).toBe("invalid_argument");
    expect((await errorOf(stage.users.profiles(["a", "b c"]))).code).toBe("invalid_user_id");
  });

  it("have a new nickname after a rename, in NFC and without spaces around it", async () => {
    const stage = await openAccounts();
    const { userId } = await stage.users.register(ADA);
    await stage.users.rename(userId, "  Zu\u0308ri ");
    expect(await stage.users.profiles([userId])).toEqual([{ userId, nickname: "Züri" }]);
    expect((await errorOf(stage.users.rename(userId, "\n"))).code).toBe("invalid_argument");
    expect((await errorOf(stage.users.rename("nobody", "x"))).code).toBe("not_found");
    expect((await errorOf(stage.users.me("nobody"))).code).toBe("not_found");
  });
});

describe("a server that does not run", () => {
  it("refuses every call with a rejection", async () => {
    const stage = await openAccounts();
    stage.isRunning = false;
    const { users } = stage;
    const calls = [
      users.register(ADA),
      users.login(ADA),
      users.logOutEverywhere("1"),
      users.me("1"),
      users.profiles([]),
      users.rename("1", "x"),
      users.changePassword("1", { password: "x", newPassword: "y" }),
    ];
    for (const call of calls) expect((await errorOf(call)).message).toBe("not running");
  });
});
