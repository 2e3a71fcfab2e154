import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../../src/server/accounts/audit.js";
import { ADA, errorOf } from "../server/accounts/accounts-stage.js";
import { openStage } from "../server/fixture.js";

const CANARY = "+4915551234567";
const UNKNOWN = "+4915559999999";

/** A server with built-in users: Ada, Bob, and Eve, who is curious; as 1, 2 and 3. */
async function open() {
  const stage = await openStage({ accounts: {} });
  const audited: AuditEvent[] = [];
  stage.im.on("audit", (event) => void audited.push(event));
  for (const [nickname, phoneNumber] of [
    [ADA.nickname, CANARY],
    ["Bob", "10002"],
    ["Eve", "10003"],
  ] as const)
    await stage.storage.users.create({ phoneNumber, nickname, passwordHash: "-" });
  return { stage, audited, friends: stage.im.friends };
}

/** Goes through a range of numbers; how many answers there were. */
async function enumerate(count: number, ask: (phoneNumber: string, n: number) => Promise<unknown>): Promise<number> {
  let answers = 0;
  for (let n = 0; n < count; n++) {
    const code = await ask(String(2_000_000 + n), n).then(
      () => "found",
      ({ code }: { code: string }) => code,
    );
    if (code !== "rate_limited") answers++;
  }
  return answers;
}

describe("S9: nobody reads through a range of phone numbers", () => {
  it("S9: one user gets 20 answers, then one in 30 s, and is told when", async () => {
    const { stage, friends } = await open();
    const ask = (phoneNumber: string) => friends.addByPhoneNumber("3", phoneNumber);
    expect(await enumerate(1_000, ask)).toBe(20);
    expect(await errorOf(ask(CANARY))).toMatchObject({ code: "rate_limited", retryAfterMs: 30_000 });
    await stage.time.advance(30_000);
    expect(await enumerate(1_000, ask)).toBe(1);
  });

  it("S9: a hundred at one time do not slip through together", async () => {
    const { friends } = await open();
    const all = Array.from({ length: 100 }, () => errorOf(friends.addByPhoneNumber("3", UNKNOWN)));
    const codes = (await Promise.all(all)).map(({ code }) => code);
    expect(codes.filter((code) => code !== "rate_limited")).toHaveLength(20);
  });

  it("S9: more accounts at one address give 60 answers, then one in 5 s", async () => {
    const { stage, friends } = await open();
    const from = { address: "6.6.6.6" };
    const ask = (phoneNumber: string, n: number) => friends.addByPhoneNumber(`eve-${n}`, phoneNumber, from);
    expect(await enumerate(1_000, ask)).toBe(60);
    await stage.time.advance(5_000);
    expect(await enumerate(1_000, ask)).toBe(1);
  });

  it("S9: what is found counts as what is not, and so do one's own number and who has blocked one", async () => {
    const { friends } = await open();
    await friends.block("2", "3");
    for (let n = 0; n < 5; n++) {
      await friends.addByPhoneNumber("3", CANARY);
      for (const phoneNumber of ["10002", "10003", UNKNOWN]) await errorOf(friends.addByPhoneNumber("3", phoneNumber));
    }
    expect((await errorOf(friends.addByPhoneNumber("3", CANARY))).code).toBe("rate_limited");
  });

  it("S9: what is no number tells nothing and costs nothing; adding by id is not held up", async () => {
    const { friends } = await open();
    for (let n = 0; n < 100; n++) await errorOf(friends.addByPhoneNumber("3", "no number"));
    expect(await enumerate(100, (phoneNumber) => friends.addByPhoneNumber("3", phoneNumber))).toBe(20);
    expect(await friends.add("3", "1")).toBe(true);
  });
});

describe("S17: answers tell nothing about others", () => {
  it("S17: who is found shows an id and a nickname, who has blocked one neither", async () => {
    const { friends } = await open();
    expect(await friends.addByPhoneNumber("3", CANARY)).toEqual({ userId: "1", nickname: "Ada", changed: true });
    await friends.block("2", "3");
    const error = await errorOf(friends.addByPhoneNumber("3", "10002"));
    expect(error.code).toBe("blocked");
    expect(JSON.stringify([error.message, error.cause])).not.toMatch(/Bob|10002|"2"/);
  });

  it("S17: who may ask no more hears the same of every number", async () => {
    const { friends } = await open();
    await enumerate(20, (phoneNumber) => friends.addByPhoneNumber("3", phoneNumber));
    const seen = [];
    for (const phoneNumber of [CANARY, UNKNOWN, "10002", "10003"]) {
      const { code, message, retryAfterMs } = await errorOf(friends.addByPhoneNumber("3", phoneNumber));
      seen.push([code, message, retryAfterMs]);
    }
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
  });
});

describe("S31: no phone number in errors, logs and the audit", () => {
  it("S31: whatever comes of a lookup, nothing repeats the number", async () => {
    const { stage, audited, friends } = await open();
    const errors = [];
    await friends.addByPhoneNumber("3", CANARY);
    await friends.block("1", "2");
    for (const [userId, phoneNumber] of [
      ["1", CANARY],
      ["2", CANARY],
      ["3", UNKNOWN],
      ["3", `${CANARY} x`],
      ["3", [CANARY] as unknown as string],
    ] as const)
      errors.push(await errorOf(friends.addByPhoneNumber(userId, phoneNumber)));
    await enumerate(20, (phoneNumber) => friends.addByPhoneNumber("3", phoneNumber));
    errors.push(await errorOf(friends.addByPhoneNumber("3", CANARY)));
    const codes = errors.map(({ code }) => code);
    const invalid = ["invalid_argument", "invalid_argument"];
    expect(codes).toEqual(["invalid_argument", "blocked", "not_found", ...invalid, "rate_limited"]);
    const told = errors.map(({ message, stack, cause }) => `${message} ${stack} ${String(cause)}`).join("\n");
    expect(`${told} ${JSON.stringify([stage.log, audited])}`).not.toMatch(/1555/);
  });
});
