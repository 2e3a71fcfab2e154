import { describe, expect, it } from "vitest";
import type { DevicePolicy } from "../../../src/adapters/contracts/index.js";
import { Attendance } from "../../../src/server/connections/attendance.js";
import type { Connection } from "../../../src/server/connections/connection.js";
import { ConnectionTable } from "../../../src/server/connections/table.js";
import { bareConnection, sessionOf } from "./bare-connection.js";

/**
 * Signs users in one after the other, each on an installation of its own: `user`, `user/kind`, or `user/kind@installation`.
 * Answers the ids of those each replaces; `null` for refused.
 */
function claimAll(policy: DevicePolicy, max: number, logins: readonly string[]) {
  const table = new ConnectionTable(policy, max);
  return logins.map((login, index) => {
    const [who = "", origin = `of ${index}`] = login.split("@");
    const [userId = "", kind] = who.split("/");
    const connection = bareConnection(index);
    table.add(connection);
    const displaced = table.claim(connection, { ...sessionOf(userId, kind), origin });
    for (const other of displaced ?? []) table.remove(other);
    return displaced?.map(({ id }) => id) ?? null;
  });
}

describe("who is connected", () => {
  it("P6: multi keeps every device", () => {
    expect(claimAll("multi", 50, ["a", "a", "b", "a"])).toEqual([[], [], [], []]);
  });

  it("single replaces every other device of the user, and of nobody else", () => {
    expect(claimAll("single", 50, ["a", "b", "a", "a"])).toEqual([[], [], [0], [2]]);
  });

  it("one-per-device-kind replaces the one of the same kind", () => {
    expect(claimAll("one-per-device-kind", 50, ["a/phone", "a/web", "a/phone", "b/web"])).toEqual([[], [], [0], []]);
  });

  it("reject-new refuses the newcomer while another is connected", () => {
    expect(claimAll("reject-new", 50, ["a", "a", "b"])).toEqual([[], null, []]);
  });

  it("I14: reject-new replaces what is left of the newcomer's own installation, and never counts it as another", () => {
    expect(claimAll("reject-new", 50, ["a@x", "a@x", "a@y", "a@x"])).toEqual([[], [0], null, [1]]);
    expect(claimAll("reject-new", 1, ["a@x", "a@x", "b@x"])).toEqual([[], [0], []]);
  });

  it("I14: at the highest number of devices a ghost of the newcomer's installation goes before any other device", () => {
    expect(claimAll("multi", 2, ["a@x", "a@y", "a@y", "a@z"])).toEqual([[], [], [1], [0]]);
    expect(claimAll("one-per-device-kind", 2, ["a/1@x", "a/2@y", "a/3@y"])).toEqual([[], [], [1]]);
  });

  it("below that number multi leaves a ghost to the watchdog", () => {
    expect(claimAll("multi", 3, ["a@x", "a@y", "a@y"])).toEqual([[], [], []]);
  });

  it("S35: above the highest number of devices the oldest is replaced, under every policy that keeps several", () => {
    expect(claimAll("multi", 2, ["a", "a", "a", "a"])).toEqual([[], [], [0], [1]]);
    expect(claimAll("one-per-device-kind", 2, ["a/1", "a/2", "a/3", "a/2"])).toEqual([[], [], [0], [1]]);
  });

  it("P4: a connection that ends removes itself and not the user's newer one", () => {
    const table = new ConnectionTable("multi", 50);
    const [old, young] = [bareConnection(1), bareConnection(2)];
    for (const connection of [old, young]) table.claim(connection, sessionOf("a"));
    table.remove(old);
    table.remove(old);
    expect([...table.ofUser("a")]).toEqual([young]);
    table.remove(young);
    expect(table.users()).toEqual([]);
    expect(table.ofUser("a").size).toBe(0);
  });

  it("P4: a connection that never signed in removes nobody", () => {
    const table = new ConnectionTable("multi", 50);
    const [guest, user] = [bareConnection(1), bareConnection(2)];
    table.add(guest);
    table.add(user);
    table.claim(user, sessionOf("a"));
    table.remove(guest);
    expect([...table.all]).toEqual([user]);
    expect(table.users()).toEqual(["a"]);
  });

  it.each(["single", "one-per-device-kind", "reject-new"] as const)(
    "I14: under %s a login that was held up does not replace the connection its installation came back on",
    (policy) => {
      const table = new ConnectionTable(policy, 50);
      const [abandoned, young] = [bareConnection(1), bareConnection(2)];
      expect(table.claim(young, sessionOf("a"))).toEqual([]);
      expect(table.claim(abandoned, sessionOf("a"))).toBeNull();
      expect([...table.ofUser("a")]).toEqual([young]);
      expect(abandoned.session).toBeNull();
    },
  );

  it("a refused newcomer has no session", () => {
    const table = new ConnectionTable("reject-new", 50);
    table.claim(bareConnection(1), sessionOf("a"));
    const refused = bareConnection(2);
    expect(table.claim(refused, { ...sessionOf("a"), origin: "another" })).toBeNull();
    expect(refused.session).toBeNull();
  });
});

describe("who is present", () => {
  function signedIn(id: number, userId: string): Connection {
    const connection = bareConnection(id);
    connection.enter(sessionOf(userId));
    return connection;
  }

  it("the first device of a user arrives and the last one leaves, each told once", () => {
    const attendance = new Attendance();
    const [one, two] = [signedIn(1, "a"), signedIn(2, "a")];
    expect([attendance.arrived(one, "a"), attendance.arrived(two, "a")]).toEqual([true, false]);
    expect([attendance.left(one), attendance.left(one), attendance.left(two), attendance.left(two)]).toEqual([
      null,
      null,
      "a",
      null,
    ]);
    expect(attendance.arrived(one, "a")).toBe(true);
  });

  it("whoever was not complete leaves unnoticed", () => {
    const attendance = new Attendance();
    const [complete, halfway] = [signedIn(1, "a"), signedIn(2, "a")];
    attendance.arrived(complete, "a");
    expect(attendance.left(halfway)).toBeNull();
    expect(attendance.left(bareConnection(3))).toBeNull();
    expect(attendance.left(complete)).toBe("a");
  });
});
