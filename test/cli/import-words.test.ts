import { describe, expect, it } from "vitest";
import type { ImportPlan } from "../../src/adapters/knex/index.js";
import { planLines } from "../../src/cli/import-words.js";

/** Everything there is, so often. */
function planOf(size: number): ImportPlan {
  const parts = { users: size, friends: size, groups: size, members: size, messages: size };
  return {
    source: "mysql://h/im",
    timeZone: "Asia/Shanghai",
    rows: parts,
    becomes: parts,
    inboxes: size,
    places: size,
    renumberedInboxes: size,
    doubledNumbers: size,
    closedGaps: size,
    passwords: size,
    notes: [],
    leftOut: (["users", "friends", "groups", "members", "messages"] as const).map((part) => {
      return { part, reason: "no reason", count: size, rowIds: [7] };
    }),
  };
}

describe("the lines of a plan", () => {
  it("speak of one as of one", () => {
    const lines = planLines(planOf(1), "chat.db");
    expect(lines.map((line) => line.trim().replace(/ +/g, " "))).toEqual([
      "mysql://h/im → chat.db",
      "users 1 of 1 row",
      "friends 1 pair of 1 row (a with b and b with a are one)",
      "groups 1 of 1 row",
      "members 1 of 1 row",
      "messages 1 of 1 row (copies of one are one)",
      "inboxes 1 with 1 place",
      "renumbered 1 inbox: 1 number was there twice, 1 gap is closed",
      ...times,
      "Passwords (1) are kept as the original hashed them, salted MD5:",
      "give the server accounts.importedPasswordSalt, and people sign in with the ones they had.",
      "Taken, but not as it was: nothing",
      "Left out:",
      ...["user", "friend", "group", "member", "message"].map((one) => `1 ${one}: no reason (row 7)`),
    ]);
  });

  it("speak of many as of many, and of none, too", () => {
    const many = planLines(planOf(1_234), "chat.db");
    expect(many).toContain("  friends           1,234 pairs of 1,234 rows (a with b and b with a are one)");
    expect(many).toContain("  inboxes           1,234 with 1,234 places");
    expect(many).toContain("  renumbered        1,234 inboxes: 1,234 numbers were there twice, 1,234 gaps are closed");
    expect(many).toContain("  1,234 messages: no reason (row 7 …)");
    expect(planLines(planOf(0), "chat.db")).toContain("  inboxes               0 with 0 places");
  });

  it("say whose zone it is, and what an original elsewhere needs, not what nobody knows", () => {
    expect(planLines(planOf(1), "chat.db").map((line) => line.trim())).toEqual(expect.arrayContaining(times));
  });
});

const times = [
  "Times are read in the zone Asia/Shanghai, which is this machine's or what TZ says:",
  "where the original ran in another one, put TZ=… before the command.",
];
