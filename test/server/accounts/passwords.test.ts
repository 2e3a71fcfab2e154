import { describe, expect, it } from "vitest";
import { Passwords } from "../../../src/server/accounts/passwords.js";
import { formatStoredPassword, parseStoredPassword } from "../../../src/server/accounts/stored-password.js";
import { VirtualServerRuntime } from "../../../src/testing/fakes/virtual-server-runtime.js";
import { VirtualTime } from "../../../src/testing/fakes/virtual-time.js";
import { errorOf } from "./accounts-stage.js";
import { FakeScrypt } from "./fake-scrypt.js";

function open(durationMs = 0) {
  const time = new VirtualTime();
  const scrypt = new FakeScrypt(time, durationMs);
  return { time, scrypt, passwords: new Passwords(new VirtualServerRuntime(time), scrypt.deriveKey) };
}

const salt = new Uint8Array(16).fill(1);
const key = new Uint8Array(32).fill(2);
const stored = (cost: string): string => {
  const text = formatStoredPassword({ cost: { log2N: 15, r: 8, p: 3 }, salt, key });
  return text.replace("15$8$3", cost);
};

describe("a stored password", () => {
  it("says its version and its cost", async () => {
    const text = await open().passwords.hash("long enough");
    expect(text).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  });

  it("is read as it was written", () => {
    const record = { cost: { log2N: 14, r: 4, p: 1 }, salt, key };
    const read = parseStoredPassword(formatStoredPassword(record));
    expect(read?.cost).toEqual(record.cost);
    expect([...(read?.salt ?? [])]).toEqual([...salt]);
    expect([...(read?.key ?? [])]).toEqual([...key]);
  });

  it.each([
    ["too much memory for one hash", stored("20$8$1")],
    ["N above 2^20", stored("21$1$1")],
    ["too much work", stored("18$8$5")],
    ["no work at all", stored("0$8$1")],
    ["a negative cost", stored("-1$8$1")],
    ["a cost with a fraction", stored("14.5$8$1")],
    ["a number written oddly", stored("0x0f$8$3")],
    ["endlessly much", stored("Infinity$8$3")],
    ["a cost that is missing", stored("15$8")],
    ["a field too many", `${stored("15$8$3")}$x`],
    ["another scheme", stored("15$8$3").replace("scrypt", "bcrypt")],
    ["a key of no length", stored("15$8$3").replace(/\$[\w-]+$/, "$")],
    ["a salt that is no base64url", stored("15$8$3").replace(/\$AQ/, "$=Q")],
    ["a very long text", `${stored("15$8$3")}${"A".repeat(10_000)}`],
    ["nothing", ""],
  ])("S14: is refused when it asks for %s, and still costs one hash of today's", async (_what, text) => {
    const { passwords, scrypt } = open();
    expect(parseStoredPassword(text)).toBeNull();
    expect(await passwords.verify("long enough", text)).toEqual({ matches: false, rehashDue: false });
    expect(scrypt.costs).toEqual([{ log2N: 15, r: 8, p: 3 }]);
  });
});

describe("a password", () => {
  it("matches itself and nothing else", async () => {
    const { passwords } = open();
    const text = await passwords.hash("long enough");
    expect(await passwords.verify("long enough", text)).toEqual({ matches: true, rehashDue: false });
    expect(await passwords.verify("long enougH", text)).toEqual({ matches: false, rehashDue: false });
  });

  it("is stored under a salt of its own each time", async () => {
    const { passwords } = open();
    expect(await passwords.hash("long enough")).not.toBe(await passwords.hash("long enough"));
  });

  it("is the same however its characters are put together", async () => {
    const { passwords } = open();
    const text = await passwords.hash("Zürich \ufb01ve");
    expect((await passwords.verify("Zu\u0308rich five", text)).matches).toBe(true);
  });

  it.each([
    ["7 characters", "1234567"],
    ["4 of which each is 2 code units", "😀😀😀😀"],
    ["129 characters", "a".repeat(129)],
    ["129 characters after NFKC", `${"a".repeat(111)}\ufdfa`],
    ["half a surrogate pair", "12345678\ud800"],
    ["a megabyte", "a".repeat(1_048_576)],
  ])("is refused with %s, and never matches", async (_what, password) => {
    const { passwords, scrypt } = open();
    const error = await errorOf(passwords.hash(password));
    expect(error.code).toBe("invalid_argument");
    expect(error.message).not.toContain(password);
    expect(await passwords.verify(password, await passwords.hash("long enough"))).toMatchObject({ matches: false });
    expect(scrypt.calls).toBe(2);
  });

  it.each(["12345678", "😀".repeat(128), "a\u0000b\tcdefg"])("may be %j", async (password) => {
    const { passwords } = open();
    expect((await passwords.verify(password, await passwords.hash(password))).matches).toBe(true);
  });

  it("never matches when it is none, whatever is stored", async () => {
    const { passwords, scrypt } = open();
    const cost = { log2N: 15, r: 8, p: 3 };
    const text = formatStoredPassword({ cost, salt, key: await scrypt.deriveKey(new Uint8Array(0), salt, cost, 32) });
    expect((await passwords.verify("", text)).matches).toBe(false);
    expect((await passwords.verify("short", text)).matches).toBe(false);
  });

  it("is hashed again when it was stored at another cost, but only when it is right", async () => {
    const { passwords, scrypt } = open();
    const cost = { log2N: 14, r: 8, p: 1 };
    const old = new TextEncoder().encode("long enough");
    const text = formatStoredPassword({ cost, salt, key: await scrypt.deriveKey(old, salt, cost, 32) });
    expect(await passwords.verify("long enough", text)).toEqual({ matches: true, rehashDue: true });
    expect(await passwords.verify("wrong enough", text)).toEqual({ matches: false, rehashDue: false });
  });
});

describe("many passwords at once", () => {
  it("S14: 200 are verified, all of them, and never more than two at a time", async () => {
    const { passwords, scrypt, time } = open(100);
    const hashing = passwords.hash("long enough");
    await time.advance(100);
    const text = await hashing;
    const all = Promise.all(
      Array.from({ length: 200 }, (_, n) => passwords.verify(n % 2 === 0 ? "long enough" : "not the one", text)),
    );
    await time.advance(100 * 100);
    expect((await all).map(({ matches }) => matches)).toEqual(Array.from({ length: 200 }, (_, n) => n % 2 === 0));
    expect(scrypt.most).toBe(2);
  });

  it("S14: S35: beyond two at work and 200 waiting one is told to come back, and later has its turn", async () => {
    const { passwords, time } = open(100);
    const all = Array.from({ length: 202 }, () => passwords.verify("long enough", null));
    const error = await errorOf(passwords.verify("long enough", null));
    expect(error).toMatchObject({ code: "busy", retryAfterMs: 5_000 });
    await time.advance(101 * 100);
    expect(await Promise.all(all)).toHaveLength(202);
    const later = passwords.verify("long enough", null);
    await time.advance(100);
    expect(await later).toEqual({ matches: false, rehashDue: false });
  });

  it("S14: the flood of one network is told to come back, and everybody else is served", async () => {
    const { passwords, time } = open(100);
    const flood = Array.from({ length: 12 }, (_, n) => passwords.verify("long enough", null, `2001:db8::${n + 1}`));
    expect(await errorOf(passwords.verify("long enough", null, "2001:db8::ffff"))).toMatchObject({ code: "busy" });
    expect(await errorOf(passwords.hash("long enough", "2001:db8::"))).toMatchObject({ code: "busy" });
    const others = [passwords.verify("long enough", null, "10.0.0.1"), passwords.hash("long enough", "10.0.0.2")];
    await time.advance(7 * 100);
    expect(await Promise.all([...flood, ...others])).toHaveLength(14);
  });

  it("S14: a network may wait again when its turns have come", async () => {
    const { passwords, time } = open(100);
    for (let round = 0; round < 3; round++) {
      const all = Array.from({ length: 12 }, () => passwords.verify("long enough", null, "10.0.0.1"));
      expect((await errorOf(passwords.verify("long enough", null, "10.0.0.1"))).code).toBe("busy");
      await time.advance(6 * 100);
      expect(await Promise.all(all)).toHaveLength(12);
    }
  });

  it("S14: S35: networks that keep to their bound are bound by the total all the same", async () => {
    const { passwords, time } = open(100);
    const verify = (n: number) => passwords.verify("long enough", null, `10.0.0.${n}`);
    const all = Array.from({ length: 202 }, (_, n) => verify(n % 21));
    expect((await errorOf(verify(99))).code).toBe("busy");
    await time.advance(101 * 100);
    expect(await Promise.all(all)).toHaveLength(202);
  });

  it("S14: who comes while others wait does not slip in before them", async () => {
    const { passwords, scrypt, time } = open(100);
    const order: string[] = [];
    const verify = (name: string) => void passwords.verify("long enough", null).then(() => order.push(name));
    for (const name of ["1", "2", "3", "4", "5"]) verify(name);
    await time.advance(150);
    verify("late");
    await time.advance(1_000);
    expect(order).toEqual(["1", "2", "3", "4", "5", "late"]);
    expect(scrypt.most).toBe(2);
  });

  it("one that fails makes room for the next", async () => {
    let calls = 0;
    const failing = () => Promise.reject(new Error(`out of memory ${++calls}`));
    const passwords = new Passwords(new VirtualServerRuntime(new VirtualTime()), failing);
    const all = Array.from({ length: 5 }, () => errorOf(passwords.verify("long enough", null)));
    expect(await Promise.all(all)).toHaveLength(5);
    expect(calls).toBe(5);
  });
});
