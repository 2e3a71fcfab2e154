import { beforeEach, describe, expect, it } from "vitest";
import { HttpStage } from "./http-stage.js";

let stage: HttpStage;
beforeEach(() => {
  stage = new HttpStage();
});

type Pairs = readonly (readonly [string, string])[];

/** A list is a repeated field in the forms and an array in JSON. */
function jsonOf(pairs: Pairs): string {
  const names = [...new Set(pairs.map(([name]) => name))];
  const valuesOf = (name: string) => pairs.filter(([one]) => one === name).map(([, value]) => value);
  const value = (name: string) => (name === "ids" ? valuesOf(name) : valuesOf(name)[0]);
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, value(name)])));
}

function formDataOf(pairs: Pairs): FormData {
  const form = new FormData();
  for (const [name, value] of pairs) form.append(name, value);
  return form;
}

const bodies: readonly [string, (pairs: Pairs) => RequestInit][] = [
  ["JSON", (pairs) => ({ body: jsonOf(pairs), headers: { "content-type": "application/json" } })],
  [
    "application/x-www-form-urlencoded",
    (pairs) => ({ body: new URLSearchParams(pairs.map(([name, value]) => [name, value])) }),
  ],
  ["multipart/form-data", (pairs) => ({ body: formDataOf(pairs) })],
];

describe.each(bodies)("a client of the original protocol that sends %s", (_name, init) => {
  const post = (path: string, pairs: Pairs, token?: string) => {
    const request = init(pairs);
    const headers = new Headers(request.headers);
    if (token !== undefined) headers.set("token", token);
    return stage.ask(path, { ...request, method: "POST", headers });
  };

  it("signs up and in, makes a friend, creates a group and lists who is in", async () => {
    const account: Pairs = [
      ["phone_number", "+49 (170) 123-456"],
      ["password", "pässwörd & 100% = +1"],
    ];
    const up = await post("/register", [...account, ["nickname", "Käthe 🙂"]]);
    expect(up).toMatchObject({ status: 200, code: 200, data: { token: "token-3", id: "3" } });
    expect(stage.accounts.people.get("3")).toMatchObject({ phoneNumber: "+49 (170) 123-456", nickname: "Käthe 🙂" });
    const login = await post("/login", account);
    expect(login).toMatchObject({ status: 200, code: 200, data: { token: "token-3", user_id: "3" } });
    expect(await post("/friend/add", [["friend_id", "1"]], login.data.token)).toMatchObject({ code: 200, data: null });
    const group: Pairs = [
      ["name", "team"],
      ["ids", "1"],
      ["ids", "2"],
    ];
    const created = await post("/group/create", group, login.data.token);
    expect(created).toMatchObject({ status: 200, code: 200, data: { id: "4" } });
    const list = await stage.get(`/group_user/list?group_id=${created.data.id}`, "3");
    expect(list).toMatchObject({ status: 200, code: 200, data: { ids: ["1", "2", "3"] } });
  });

  it("creates a group with one other member, and with none", async () => {
    const one = await post(
      "/group/create",
      [
        ["name", "two of us"],
        ["ids", "2"],
      ],
      "token-1",
    );
    const none = await post("/group/create", [["name", "me"]], "token-1");
    expect([one.status, none.status]).toEqual([200, 200]);
    expect((await stage.get(`/group_user/list?group_id=${one.data.id}`)).data.ids).toEqual(["2", "1"]);
    expect((await stage.get(`/group_user/list?group_id=${none.data.id}`)).data.ids).toEqual(["1"]);
  });
});

describe("an id in JSON", () => {
  it("may be a number, and is answered as a string", async () => {
    const created = await stage.post("/group/create", { name: "team", ids: [2] });
    expect(created.data).toEqual({ id: "3" });
    expect((await stage.post("/friend/add", { friend_id: 2 })).status).toBe(200);
    expect([...(stage.accounts.friendsOf.get("1") ?? [])]).toEqual(["2"]);
  });

  it.each([
    ["too large to be exact", "9007199254740993"],
    ["with a fraction", "2.5"],
  ])("S24: is refused as a number %s", async (_name, number) => {
    const answer = await stage.send("/friend/add", `{"friend_id":${number}}`, "application/json");
    expect(answer).toMatchObject({ status: 400, code: 1001, msg: expect.stringContaining("friend_id must be an id") });
    expect(stage.accounts.calls).toEqual([]);
  });
});

describe("the token", () => {
  it.each([
    ["token", "token-1"],
    ["Authorization", "Bearer token-1"],
    ["authorization", "bearer token-1"],
  ])("is taken from the header %s: %s", async (name, value) => {
    expect((await stage.ask("/me", { headers: { [name]: value } })).status).toBe(200);
  });

  it.each([
    ["no header", "/me", {}],
    ["an empty one", "/me", { token: "" }],
    ["a wrong one", "/me", { token: "token-99" }],
    ["another scheme", "/me", { authorization: "Basic token-1" }],
    ["a cookie", "/me", { cookie: "token=token-1" }],
    ["the address", "/me?token=token-1", {}],
  ])("S2: is missing or refused with 401 for %s", async (_name, path, headers) => {
    const answer = await stage.ask(path, { headers });
    expect(answer).toMatchObject({ status: 401, code: 1003, data: null });
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(stage.accounts.calls).toEqual([]);
  });

  it("is asked for before a body is read", async () => {
    let isRead = false;
    const body = new ReadableStream(
      {
        pull: () => {
          isRead = true;
        },
      },
      { highWaterMark: 0 },
    );
    const answer = await stage.ask("/friend/add", { method: "POST", body, duplex: "half" } as RequestInit);
    expect([answer.status, isRead]).toEqual([401, false]);
  });
});
