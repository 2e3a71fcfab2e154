import { describe, expect, it } from "vitest";
import type { ImServerOptions } from "../../../src/server/options.js";
import { auth, openStage } from "../fixture.js";
import { errorOf } from "./accounts-stage.js";

const BOBS_NUMBER = "+491701234567";

/** A server with built-in users: Ann, Bob and Cid, as 1, 2 and 3. */
async function open(options: Partial<ImServerOptions> = { accounts: {} }) {
  const stage = await openStage(options);
  for (const [nickname, phoneNumber] of [
    ["Ann", "10001"],
    ["Bob", BOBS_NUMBER],
    ["Cid", "10003"],
  ] as const)
    await stage.storage.users.create({ phoneNumber, nickname, passwordHash: "-" });
  return { stage, friends: stage.im.friends, add: stage.im.friends.addByPhoneNumber };
}

describe("adding by phone number", () => {
  it("makes friends of both and says who it is, however the number is written", async () => {
    const { add, friends } = await open();
    expect(await add("1", "+49 (170) 12-34-567")).toEqual({ userId: "2", nickname: "Bob", changed: true });
    expect(await friends.list("1")).toEqual([{ userId: "2", nickname: "Bob" }]);
    expect(await friends.list("2")).toEqual([{ userId: "1", nickname: "Ann" }]);
  });

  it("says that nothing has changed where they are friends already", async () => {
    const { add, friends } = await open();
    await friends.add("2", "1");
    expect(await add("1", BOBS_NUMBER)).toEqual({ userId: "2", nickname: "Bob", changed: false });
  });

  it("of an unknown number says that nobody has it", async () => {
    const { add, friends } = await open();
    const error = await errorOf(add("1", "+491709999999"));
    expect(error).toMatchObject({ code: "not_found", message: expect.stringContaining("nobody here has this number") });
    expect(await friends.list("1")).toEqual([]);
  });

  it("of a number without its + finds nobody: a number is found as it was signed up with", async () => {
    const { add } = await open();
    expect((await errorOf(add("1", BOBS_NUMBER.slice(1)))).code).toBe("not_found");
  });

  it("with one's own number is refused", async () => {
    const { add, friends } = await open();
    const error = await errorOf(add("1", "1-00-01"));
    expect(error).toMatchObject({ code: "invalid_argument", message: "phoneNumber must be somebody else's" });
    expect(await friends.list("1")).toEqual([]);
  });

  it.each([["1234"], ["+49 170 1234567 ext. 2"], [""], ["1".repeat(21)], [10003], [null], [undefined], [["10003"]]])(
    "with what is no number is refused, and changes nothing: %j",
    async (phoneNumber) => {
      const { add, friends, stage } = await open();
      stage.storage.users.findByPhoneNumber = () => Promise.reject(new Error("looked it up"));
      expect((await errorOf(add("1", phoneNumber as string))).code).toBe("invalid_argument");
      expect(await friends.list("1")).toEqual([]);
    },
  );

  it("needs a user and an origin that make sense", async () => {
    const { add } = await open();
    expect((await errorOf(add("no id", BOBS_NUMBER))).code).toBe("invalid_user_id");
    const from = { address: 7 as unknown as string };
    expect((await errorOf(add("1", BOBS_NUMBER, from))).code).toBe("invalid_argument");
  });

  it("is refused as adding by id is to who is blocked, and done for who has blocked", async () => {
    const { add, friends } = await open();
    await friends.block("2", "1");
    const [byNumber, byId] = [await errorOf(add("1", BOBS_NUMBER)), await errorOf(friends.add("1", "2"))];
    expect([byNumber.code, byNumber.message]).toEqual(["blocked", byId.message]);
    expect(await friends.list("1")).toEqual([]);
    expect((await add("2", "10001")).changed).toBe(true);
  });

  it("gives nobody more friends than the limit, on either side", async () => {
    const { add, friends } = await open({ accounts: {}, limits: { maxFriends: 1 } });
    await add("1", BOBS_NUMBER);
    expect((await errorOf(add("1", "10003"))).code).toBe("too_large");
    expect((await errorOf(add("3", BOBS_NUMBER))).code).toBe("too_large");
    expect(await friends.list("3")).toEqual([]);
  });

  it("is there only while the server runs", async () => {
    const { add, stage } = await open();
    await stage.im.close();
    expect((await errorOf(add("1", BOBS_NUMBER))).code).toBe("unavailable");
  });
});

describe("who does not want people to be found by phone number", () => {
  it("says so, and no number is looked up", async () => {
    const { add, friends, stage } = await open({ accounts: { findByPhoneNumber: false } });
    stage.storage.users.findByPhoneNumber = () => Promise.reject(new Error("looked it up"));
    for (const phoneNumber of [BOBS_NUMBER, "99999", "no number"]) {
      const error = await errorOf(add("1", phoneNumber));
      expect(error).toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("accounts.findByPhoneNumber"),
      });
    }
    expect(await friends.add("1", "2")).toBe(true);
  });

  it("has users of their own, and then nobody is found either", async () => {
    const { add, friends } = await open({ auth });
    const error = await errorOf(add("1", BOBS_NUMBER));
    expect(error).toMatchObject({ code: "forbidden", message: expect.stringContaining("auth of its own") });
    expect(await friends.add("1", "2")).toBe(true);
  });
});
