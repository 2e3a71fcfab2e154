import { describe, expect, it } from "vitest";
import { type ErrorCode, ImError, WIRE_CODES } from "../../../src/core/errors.js";
import { HttpStage } from "./http-stage.js";

const SQL = "insert into `user` (`phone_number`) values ('+49') - SQLITE_CONSTRAINT at /srv/app/db.js:12";

async function failWith(error: unknown, options = {}) {
  const stage = new HttpStage(options);
  stage.accounts.trouble = error;
  return { stage, answer: await stage.get("/me") };
}

describe("a failure", () => {
  const statuses: [ErrorCode, number][] = [
    ["invalid_argument", 400],
    ["invalid_user_id", 400],
    ["unauthenticated", 401],
    ["forbidden", 403],
    ["blocked", 403],
    ["not_member", 403],
    ["not_found", 404],
    ["no_data", 404],
    ["add_failed", 409],
    ["too_large", 413],
    ["rate_limited", 429],
    ["busy", 503],
    ["internal", 500],
  ];

  it.each(statuses)("of the code %s has the HTTP status %i and its own number", async (code, status) => {
    const { answer } = await failWith(new ImError(code));
    expect(answer).toMatchObject({ status, code: WIRE_CODES[code as keyof typeof WIRE_CODES], data: null });
    expect(answer.msg).not.toBe("");
  });

  it.each(["unavailable", "closed", "expired"] as const)(
    "of the code %s, which never travels, is told as busy",
    async (code) => {
      const { answer } = await failWith(new ImError(code));
      expect(answer).toMatchObject({ status: 503, code: WIRE_CODES.busy });
      expect(answer.headers.get("retry-after")).toBe("1");
    },
  );

  it.each([
    ["rate_limited", 4_200, "5"],
    ["rate_limited", 0, "1"],
    ["busy", 60_000, "60"],
    ["rate_limited", undefined, "1"],
  ] as const)("of the code %s after %s ms says when to come back", async (code, retryAfterMs, seconds) => {
    const { answer } = await failWith(new ImError(code, retryAfterMs === undefined ? {} : { retryAfterMs }));
    expect(answer.headers.get("retry-after")).toBe(seconds);
  });

  it("names fields as the API does", async () => {
    const message = 'phoneNumber must be 5–20 digits, got "xY"; memberIds[3] must be an id';
    const { answer } = await failWith(new ImError("invalid_argument", { message }));
    expect(answer.msg).toBe('phone_number must be 5–20 digits, got "xY"; ids[3] must be an id');
  });

  it("to authenticate is answered like any other", async () => {
    const stage = new HttpStage();
    stage.accounts.authenticate = async () => {
      throw new ImError("rate_limited", { retryAfterMs: 9_000 });
    };
    const answer = await stage.get("/me");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "9"]);
  });
});

describe("S33: a fault inside", () => {
  it.each([
    ["an error of the database", new Error(SQL)],
    ["an ImError with a cause", new ImError("internal", { message: SQL, cause: new Error(SQL) })],
    ["a code of the storage", new ImError("store_failed", { message: SQL })],
    ["a text", SQL],
    ["nothing", null],
  ])("S33: shows an id and no text of %s", async (_name, error) => {
    const { stage, answer } = await failWith(error);
    expect(answer).toMatchObject({ status: 500, code: 1004, data: null });
    expect(JSON.stringify([answer, ...answer.headers])).not.toMatch(/sql|user|srv|\.js/i);
    expect(stage.errors).toEqual([{ error, id: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
    expect(answer.msg).toBe(`something failed inside the server; ask about ${stage.errors[0]?.id}`);
  });

  it.each(["not_found", "forbidden", "add_failed", "unauthenticated", "busy", "too_large", "blocked"] as const)(
    "S33: the inner text of %s stays inside",
    async (code) => {
      const { stage, answer } = await failWith(new ImError(code, { message: SQL, cause: new Error(SQL) }));
      expect(JSON.stringify(answer)).not.toMatch(/sql|insert|srv/i);
      expect(stage.errors).toEqual([]);
    },
  );

  it("S33: has an id of its own each time", async () => {
    const { stage } = await failWith(new Error("a"));
    await stage.get("/me");
    expect(new Set(stage.errors.map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("listener");
      },
    ],
    ["rejects", () => Promise.reject(new Error("listener"))],
  ])("S33: is answered also when the listener %s", async (_name, onError) => {
    expect((await failWith(new Error("a"), { onError })).answer.status).toBe(500);
  });
});

describe("S17: an answer tells nothing about others", () => {
  const told = ({ status, code, msg, headers }: Awaited<ReturnType<HttpStage["get"]>>) => ({
    ...{ status, code, msg, headers: [...headers] },
  });

  it("S17: a login with an unknown number looks like one with a wrong password", async () => {
    const stage = new HttpStage();
    const [known, unknown] = [
      await stage.post("/login", { phone_number: "+49000001", password: "guessed" }, null),
      await stage.post("/login", { phone_number: "+49999999", password: "guessed" }, null),
    ];
    expect(told(known)).toEqual(told(unknown));
    expect(known.msg).toBe("the phone number or the password is wrong");
  });

  it("S17: a taken number is not named at sign-up", async () => {
    const stage = new HttpStage();
    const answer = await stage.post("/register", { phone_number: "+49000001", nickname: "x", password: "y" }, null);
    expect(answer).toMatchObject({ status: 409, code: 1006, msg: "the account cannot be created" });
  });

  it.each([
    ["GET", "/group/members", {}],
    ["GET", "/group_user/list", {}],
    ["GET", "/history", {}],
    ["POST", "/group/rename", { name: "mine" }],
    ["POST", "/group/add", { ids: ["2"] }],
    ["POST", "/group/remove", { user_id: "1" }],
    ["POST", "/group/role", { user_id: "1", role: "member" }],
    ["POST", "/group/hand_over", { user_id: "2" }],
    ["POST", "/group/leave", {}],
  ])(
    "S17: S19: %s %s with a group of others looks like one with a group that does not exist",
    async (method, path, fields) => {
      const stage = new HttpStage();
      const { id } = (await stage.post("/group/create", { name: "secret" })).data;
      stage.accounts.say("1", { groupId: id }, "among us");
      const ask = (group_id: string) =>
        method === "GET"
          ? stage.get(`${path}?group_id=${group_id}`, "2")
          : stage.post(path, { group_id, ...fields }, "2");
      const [theirs, nobodys] = [await ask(id), await ask("999")];
      expect(told(theirs)).toEqual(told(nobodys));
      expect(theirs.data).toEqual(nobodys.data);
      expect(stage.accounts.rooms.get(id)).toMatchObject({ name: "secret", roles: new Map([["1", "owner"]]) });
    },
  );

  it("S19: the history of two others is empty, whoever asks", async () => {
    const stage = new HttpStage();
    const eve = stage.accounts.enrol("Eve");
    stage.accounts.say("1", { userId: "2" }, "between us");
    for (const user_id of ["1", "2", "999"]) {
      expect((await stage.get(`/history?user_id=${user_id}`, eve)).data).toEqual({ messages: [], has_more: false });
    }
  });

  it("S19: nobody acts as somebody else: the user is the token's", async () => {
    const stage = new HttpStage();
    await stage.post("/me/nickname", { nickname: "Eve" }, "2");
    expect(stage.accounts.people.get("1")?.nickname).toBe("Ada");
    expect((await stage.get("/me?user_id=1", "2")).status).toBe(400);
  });
});
