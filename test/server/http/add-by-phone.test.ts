import { createHttpApi } from "shyim/http";
import { describe, expect, it } from "vitest";
import type { ImServerOptions } from "../../../src/server/options.js";
import { openStage } from "../fixture.js";
import { readAnswer } from "./http-stage.js";

const BOBS_NUMBER = "+49 170 1234567";

/** The API on a server with built-in users, Ann and Bob as 1 and 2. A token is the user's id. */
async function open(options: Partial<ImServerOptions> = {}) {
  const stage = await openStage({ accounts: {}, ...options });
  await stage.storage.users.create({ phoneNumber: "10001", nickname: "Ann", passwordHash: "-" });
  await stage.storage.users.create({ phoneNumber: "+491701234567", nickname: "Bob", passwordHash: "-" });
  const { users, friends, groups, messages } = stage.im;
  const authenticate = async (token: string) => ({ userId: token });
  const errors: unknown[] = [];
  const api = createHttpApi(
    { users, friends, groups, messages, authenticate },
    { runtime: stage.runtime, onError: (error) => void errors.push(error) },
  );
  const add = async (phone_number: unknown, token = "1", address?: string) => {
    const headers = { "content-type": "application/json", token };
    const init = { method: "POST", headers, body: JSON.stringify({ phone_number }) };
    const request = new Request("http://chat.test/friend/add_by_phone", init);
    return readAnswer(await api.fetch(request, address === undefined ? {} : { address }));
  };
  return { stage, errors, add };
}

describe("POST /friend/add_by_phone", () => {
  it("answers who was added", async () => {
    const { add } = await open();
    expect((await add(BOBS_NUMBER)).data).toEqual({ user_id: "2", nickname: "Bob", changed: true });
    expect((await add(BOBS_NUMBER)).data).toEqual({ user_id: "2", nickname: "Bob", changed: false });
  });

  it("says what is wrong with the number in the field's own name, without the number", async () => {
    const { add } = await open();
    for (const phone_number of ["no number", "1234", "10001"]) {
      const answer = await add(phone_number);
      expect(answer).toMatchObject({ status: 400, code: 1001, msg: expect.stringMatching(/^phone_number must be /) });
      expect(answer.msg).not.toContain(phone_number);
    }
    expect(await add(10001)).toMatchObject({ status: 400, msg: "phone_number must be a text" });
  });

  it("says in words for people that nobody has the number, or who does not want to hear from them", async () => {
    const { stage, add } = await open();
    expect(await add("99999")).toMatchObject({ status: 404, code: 1017, msg: "nobody here has this number" });
    await stage.im.friends.block("2", "1");
    const blocked = { status: 403, code: 1016, msg: "this user does not want to hear from you" };
    expect(await add(BOBS_NUMBER)).toMatchObject(blocked);
  });

  it("says where nobody is found by number", async () => {
    const { add } = await open({ accounts: { findByPhoneNumber: false } });
    const msg = "nobody is found by phone number here";
    for (const phone_number of [BOBS_NUMBER, "99999"]) {
      expect(await add(phone_number)).toMatchObject({ status: 403, code: 1019, msg });
    }
  });

  it("S9: answers 429 after 20 numbers, and when to come back", async () => {
    const { stage, add } = await open();
    for (let n = 0; n < 20; n++) expect((await add(String(50_000 + n))).status).toBe(404);
    // What a user may change in a second has been used up as well, and is there again.
    await stage.run(4_000);
    const refused = await add(BOBS_NUMBER);
    expect(refused).toMatchObject({ status: 429, code: 1012, data: null });
    expect(refused.headers.get("retry-after")).toBe("26");
    await stage.run(26_000);
    expect((await add(BOBS_NUMBER)).status).toBe(200);
  });

  it("S9: counts what comes from one address together, whatever the user", async () => {
    const { add } = await open();
    const statuses = [];
    for (let n = 0; n < 61; n++) statuses.push((await add("99999", `user-${n}`, "6.6.6.6")).status);
    expect(statuses.filter((status) => status === 404)).toHaveLength(60);
    expect(statuses.at(-1)).toBe(429);
    expect((await add("99999", "user-61", "7.7.7.7")).status).toBe(404);
  });

  it("S33: a storage that fails is told to the application, and to the client without a word of it", async () => {
    const { stage, add, errors } = await open();
    stage.storage.users.findByPhoneNumber = (phoneNumber) => Promise.reject(new Error(`no row for ${phoneNumber}`));
    const answer = await add(BOBS_NUMBER);
    expect(answer).toMatchObject({ status: 500, code: 1004 });
    expect(answer.msg).not.toMatch(/row|49/);
    expect(errors).toHaveLength(1);
  });
});
