import { beforeEach, describe, expect, it } from "vitest";
import { HttpStage } from "./http-stage.js";

let stage: HttpStage;
beforeEach(() => {
  stage = new HttpStage();
});

describe("the account", () => {
  it("shows what a user may know of themselves, and nothing else", async () => {
    const { data } = await stage.get("/me");
    expect(data).toEqual({ user_id: "1", nickname: "Ada", phone_number: "+49000001" });
  });

  it("takes a new nickname", async () => {
    expect(await stage.post("/me/nickname", { nickname: "Ada L." })).toMatchObject({ status: 200, data: null });
    expect((await stage.get("/me")).data.nickname).toBe("Ada L.");
  });

  it("takes a new password with the old one only, and answers with a fresh token", async () => {
    const wrong = await stage.post("/me/password", { password: "guessed", new_password: "another one" });
    expect(wrong).toMatchObject({ status: 401, code: 1003 });
    const right = await stage.post("/me/password", { password: "the password of Ada", new_password: "another one" });
    expect(right.data).toEqual({ token: "token-1", user_id: "1" });
    expect(stage.accounts.people.get("1")?.password).toBe("another one");
  });

  it("is logged out everywhere without a body", async () => {
    const headers = { token: "token-1" };
    expect((await stage.ask("/log_out_everywhere", { method: "POST", headers })).data).toEqual({ sessions: 3 });
  });
});

describe("friends", () => {
  it("come and go", async () => {
    await stage.post("/friend/add", { friend_id: "2" });
    expect(await stage.post("/friend/add", { friend_id: "2" })).toMatchObject({ status: 200, data: null });
    expect((await stage.get("/friend/list")).data).toEqual({ friends: [{ user_id: "2", nickname: "Bob" }] });
    expect((await stage.post("/friend/remove", { friend_id: "2" })).data).toEqual({ changed: true });
    expect((await stage.post("/friend/remove", { friend_id: "2" })).data).toEqual({ changed: false });
    expect((await stage.get("/friend/list")).data).toEqual({ friends: [] });
  });

  it("cannot be made with who has blocked you", async () => {
    expect((await stage.post("/friend/block", { user_id: "1" }, "2")).data).toEqual({ changed: true });
    expect((await stage.get("/friend/blocked", "2")).data).toEqual({ ids: ["1"] });
    expect(await stage.post("/friend/add", { friend_id: "2" })).toMatchObject({ status: 403, code: 1016 });
    expect((await stage.post("/friend/unblock", { user_id: "1" }, "2")).data).toEqual({ changed: true });
    expect((await stage.post("/friend/add", { friend_id: "2" })).status).toBe(200);
  });

  it("are made by phone number, with an answer that says who it is", async () => {
    const bob = { user_id: "2", nickname: "Bob" };
    const fields = { phone_number: "+49000002" };
    const first = await stage.post("/friend/add_by_phone", fields);
    expect(first).toMatchObject({ status: 200, code: 200, data: { ...bob, changed: true } });
    expect((await stage.post("/friend/add_by_phone", fields)).data).toEqual({ ...bob, changed: false });
    expect((await stage.get("/friend/list")).data).toEqual({ friends: [bob] });
  });
});

describe("groups", () => {
  let group_id: string;
  beforeEach(async () => {
    stage.accounts.enrol("Carol");
    group_id = (await stage.post("/group/create", { name: "team", ids: ["2"] })).data.id;
  });
  const members = async () => (await stage.get(`/group/members?group_id=${group_id}`)).data.members;

  it("are listed with one's own role", async () => {
    const group = { id: group_id, name: "team", owner_id: "1" };
    expect((await stage.get("/group/list")).data).toEqual({ groups: [{ ...group, role: "owner" }] });
    expect((await stage.get("/group/list", "2")).data).toEqual({ groups: [{ ...group, role: "member" }] });
    expect((await stage.get("/group/list", "3")).data).toEqual({ groups: [] });
  });

  it("have members with nicknames and roles", async () => {
    expect(await members()).toEqual([
      { user_id: "2", nickname: "Bob", role: "member" },
      { user_id: "1", nickname: "Ada", role: "owner" },
    ]);
  });

  it("are changed in the name of the caller", async () => {
    expect((await stage.post("/group/rename", { group_id, name: "crew" })).data).toBe(null);
    expect((await stage.post("/group/add", { group_id, ids: ["2", "3"] })).data).toEqual({ added: 1 });
    expect((await stage.post("/group/role", { group_id, user_id: "3", role: "admin" })).data).toBe(null);
    expect((await stage.post("/group/hand_over", { group_id, user_id: "2" })).data).toBe(null);
    expect((await stage.post("/group/remove", { group_id, user_id: "3" })).data).toEqual({ changed: true });
    expect((await stage.post("/group/remove", { group_id, user_id: "3" })).data).toEqual({ changed: false });
    expect((await stage.get("/group/list")).data.groups[0]).toEqual({
      ...{ id: group_id, name: "crew", owner_id: "2", role: "admin" },
    });
    expect((await stage.post("/group/leave", { group_id })).data).toBe(null);
    expect(await stage.get(`/group/members?group_id=${group_id}`)).toMatchObject({ status: 404, code: 1017 });
  });

  it.each([
    ["/group/rename", { name: "mine" }],
    ["/group/add", { ids: ["3"] }],
    ["/group/remove", { user_id: "1" }],
    ["/group/role", { user_id: "2", role: "admin" }],
    ["/group/hand_over", { user_id: "2" }],
  ])("S19: refuse %s by a member without the right", async (path, fields) => {
    expect(await stage.post(path, { group_id, ...fields }, "2")).toMatchObject({ status: 403, code: 1019 });
  });

  it("know no other roles than admin and member", async () => {
    const answer = await stage.post("/group/role", { group_id, user_id: "2", role: "owner" });
    expect(answer).toMatchObject({ status: 400, msg: 'role must be one of "admin", "member"' });
  });
});

describe("the history", () => {
  beforeEach(() => {
    for (const text of ["one", "two", "three"]) stage.accounts.say("1", { userId: "2" }, text);
    stage.accounts.say("2", { userId: "1" }, "vier ✓");
  });
  const texts = (answer: { readonly data: { messages: { text: string }[] } }) =>
    answer.data.messages.map((one) => one.text);

  it("is read in pages, the newest first", async () => {
    const page = await stage.get("/history?user_id=2&limit=2");
    expect([texts(page), page.data.has_more]).toEqual([["three", "vier ✓"], true]);
    const older = await stage.get(`/history?user_id=2&limit=2&before=${page.data.messages[0].conversation_seq}`);
    expect([texts(older), older.data.has_more]).toEqual([["one", "two"], false]);
  });

  it("has the bytes in base64, and the text of a text", async () => {
    const content = new Uint8Array([0, 255, 128, 7]);
    const [first] = stage.accounts.said;
    if (first === undefined) return expect.unreachable();
    stage.accounts.said.push({ ...first, senderId: null, type: 1_000, text: undefined, content, conversationSeq: 9 });
    stage.accounts.said.push({ ...first, to: { userId: "2" }, type: "picture", text: undefined, content });
    const { messages } = (await stage.get("/history?user_id=2")).data;
    expect(messages.at(-1)).toMatchObject({ type: "picture", text: null, content: "AP+ABw==" });
    expect(messages.at(-2)).toEqual({
      ...{ message_id: "00000000000000000000000000000004", sender_id: "2", user_id: "1", group_id: null },
      ...{ type: "text", text: "vier ✓", content: Buffer.from("vier ✓").toString("base64") },
      ...{ conversation_seq: 4, sent_at: 1_700_000_000_000 },
    });
  });

  it("of a group is for its members", async () => {
    const { id } = (await stage.post("/group/create", { name: "team", ids: [] })).data;
    stage.accounts.say(null, { groupId: id }, "welcome");
    expect((await stage.get(`/history?group_id=${id}`)).data.messages).toMatchObject([
      { sender_id: null, user_id: null, group_id: id, text: "welcome" },
    ]);
    expect((await stage.get(`/history?group_id=${id}`, "2")).data).toEqual({ messages: [], has_more: false });
  });

  it.each([
    ["", "give user_id or group_id"],
    ["?user_id=2&group_id=3", "give user_id or group_id"],
    ["?user_id=2&limit=0", "limit must be a whole number from 1 to 200"],
    ["?user_id=2&limit=201", "limit must be a whole number"],
    ["?user_id=2&limit=1e2", "limit must be a whole number"],
    ["?user_id=2&limit=", "limit must be a whole number"],
    ["?user_id=2&before=-1", "before must be a whole number"],
    ["?user_id=2&before=9007199254740992", "before must be a whole number"],
    ["?user_id=2&limit=1&limit=2", "limit must be a whole number"],
    ["?user_id=2&user_id=3", "user_id must be an id"],
    ["?user_id=a%20b", "user_id must be an id"],
    ["?user_id=%ff", "percent sign"],
    ["?viewer_id=2", 'there is no field "viewer_id" here'],
  ])("is refused for the query %s", async (query, text) => {
    expect(await stage.get(`/history${query}`)).toMatchObject({ status: 400, msg: expect.stringContaining(text) });
  });
});
