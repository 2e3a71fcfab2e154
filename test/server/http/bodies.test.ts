import { beforeEach, describe, expect, it } from "vitest";
import { encodeText } from "../../../src/core/bytes.js";
import { HttpStage } from "./http-stage.js";

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const MULTIPART_TYPE = "multipart/form-data; boundary=b";
const ACCOUNT = { phone_number: "+4917012345", nickname: "Eve", password: "a long password" };
let stage: HttpStage;
beforeEach(() => {
  stage = new HttpStage();
});

const part = (name: string, value: string, rest = ""): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${value}\r\n`;

describe("S22: a body has the fields of its route and no others", () => {
  it.each([
    "id",
    "user_id",
    "owner_id",
    "password_hash",
    "revoked_before",
    "role",
    "__proto__",
    "constructor",
    "toString",
  ])("S22: %s at sign-up is refused by name, in every kind of body", async (name) => {
    const json = `{${JSON.stringify(ACCOUNT).slice(1, -1)},"${name}":"1"}`;
    const form = `${new URLSearchParams(ACCOUNT)}&${name}=1`;
    const multipart = `${Object.entries({ ...ACCOUNT })
      .map(([key, value]) => part(key, value))
      .join("")}${part(name, "1")}--b--\r\n`;
    const answers = [
      await stage.send("/register", json, JSON_TYPE, null),
      await stage.send("/register", form, FORM_TYPE, null),
      await stage.send("/register", multipart, MULTIPART_TYPE, null),
    ];
    const refused = { status: 400, code: 1001, msg: `there is no field "${name}" here` };
    for (const answer of answers) expect(answer).toMatchObject(refused);
    expect(stage.accounts.calls).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
  });

  it.each([
    ["/group/create", { name: "x", ids: [], owner_id: "2" }],
    ["/group/create", { name: "x", id: "admins" }],
    ["/group/add", { group_id: "1", ids: ["2"], by: "2" }],
    ["/me/nickname", { nickname: "x", user_id: "2" }],
    ["/log_out_everywhere", { user_id: "2" }],
    ["/friend/add", { friend_id: "2", user_id: "2" }],
  ])("S22: %s does not take %j", async (path, fields) => {
    expect(await stage.post(path, fields)).toMatchObject({ status: 400, msg: expect.stringContaining("no field") });
    expect(stage.accounts.calls).toEqual([]);
  });

  it("S22: what is deep inside a body changes no prototype", async () => {
    const body = '{"nickname":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}';
    expect((await stage.send("/me/nickname", body, JSON_TYPE)).status).toBe(400);
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
  });

  it.each([
    ["an array", ["Eve"]],
    ["an object", { $ne: null }],
    ["a number", 5],
    ["a truth value", true],
    ["null", null],
  ])("S22: %s is no text", async (_name, nickname) => {
    const answer = await stage.post("/me/nickname", { nickname });
    expect(answer).toMatchObject({ status: 400, code: 1001, msg: "nickname must be a text" });
  });

  it.each([
    ["a text", "2", "ids must be a list of ids"],
    ["an object", { 0: "2" }, "ids must be a list of ids"],
    ["a list of lists", [["2"]], "ids[0] must be an id"],
    ["a list with null", ["2", null], "ids[1] must be an id"],
  ])("S22: %s is no list of ids", async (_name, ids, text) => {
    const answer = await stage.post("/group/create", { name: "x", ids });
    expect(answer).toMatchObject({ status: 400, msg: expect.stringContaining(text) });
  });

  it.each([
    ["JSON", '{"nickname":"a","nickname":"b"}', JSON_TYPE],
    ["JSON with an escaped name", '{"nickname":"a","nick\\u006eame":"b"}', JSON_TYPE],
    ["a form", "nickname=a&nickname=b", FORM_TYPE],
    ["multipart", `${part("nickname", "a")}${part("nickname", "b")}--b--\r\n`, MULTIPART_TYPE],
  ])("S22: a field that comes twice is refused in %s", async (_name, body, type) => {
    expect(await stage.send("/me/nickname", body, type)).toMatchObject({ status: 400, code: 1001 });
    expect(stage.accounts.calls).toEqual([]);
  });

  it("takes colons, brackets and quotes inside texts for what they are", async () => {
    const nickname = 'a":{"b":[1,"c"]}\\';
    expect((await stage.post("/me/nickname", { nickname })).status).toBe(200);
    expect(stage.accounts.people.get("1")?.nickname).toBe(nickname);
  });

  it("names what is missing, and repeats no value", async () => {
    const answer = await stage.post("/register", { nickname: 7, password: "a secret of mine" }, null);
    expect(answer.msg).toBe("phone_number is missing; nickname must be a text");
  });

  it("S35: takes no list longer than the largest group", async () => {
    const idsOf = (count: number) => ({ group_id: "9", ids: Array.from({ length: count }, (_, n) => n) });
    expect(await stage.post("/group/add", idsOf(2_000))).toMatchObject({ status: 404 });
    const answer = await stage.post("/group/add", idsOf(2_001));
    expect(answer).toMatchObject({ status: 413, code: 1013, msg: "ids has more than 2000 entries" });
  });

  it("answers an id that is none with the code for it", async () => {
    for (const friend_id of ["", "a b", "x".repeat(65), "ü"]) {
      expect(await stage.post("/friend/add", { friend_id })).toMatchObject({ status: 400, code: 1002 });
    }
  });
});

describe("a body that cannot be read", () => {
  it.each([
    ["JSON that breaks off", '{"nickname":', JSON_TYPE],
    ["a JSON list", '["nickname"]', JSON_TYPE],
    ["a JSON text", '"nickname"', JSON_TYPE],
    ["JSON null", "null", JSON_TYPE],
    ["JSON after a byte order mark", '\ufeff{"nickname":"a"}', JSON_TYPE],
    [
      "JSON in bytes that are no UTF-8",
      Uint8Array.from([...encodeText('{"nickname":"'), 0xff, ...encodeText('"}')]),
      JSON_TYPE,
    ],
    ["a form in bytes that are no UTF-8", new Uint8Array([...encodeText("nickname="), 0xc0, 0x80]), FORM_TYPE],
    ["a form with percent signs that are no UTF-8", "nickname=%c0%80", FORM_TYPE],
    ["a form with a lonely percent sign", "nickname=100%", FORM_TYPE],
    ["multipart without an end", part("nickname", "a"), MULTIPART_TYPE],
    ["multipart with another boundary", `${part("nickname", "a")}--b--\r\n`, "multipart/form-data; boundary=c"],
    ["multipart without a boundary", `${part("nickname", "a")}--b--\r\n`, "multipart/form-data"],
    ["a file in place of a text", `${part("nickname", "a", '; filename="a"')}--b--\r\n`, MULTIPART_TYPE],
    ["an empty body", "", JSON_TYPE],
  ])("is answered 400: %s", async (_name, body, type) => {
    expect(await stage.send("/me/nickname", body, type)).toMatchObject({ status: 400, code: 1001 });
    expect([stage.accounts.calls, stage.errors]).toEqual([[], []]);
  });

  it.each([
    "text/plain",
    "application/xml",
    "application/json-patch+json",
    "",
    "application/json; charset=utf-16",
    "application/x-www-form-urlencoded; charset=iso-8859-1",
  ])("is answered 415 as %j", async (type) => {
    const headers = new Headers({ token: "token-1" });
    if (type !== "") headers.set("content-type", type);
    const answer = await stage.ask("/me/nickname", {
      method: "POST",
      body: encodeText('{"nickname":"a"}').slice(),
      headers,
    });
    expect(answer).toMatchObject({ status: 415, code: 1001 });
  });

  it("is answered 415 when it is compressed", async () => {
    const headers = { token: "token-1", "content-type": JSON_TYPE, "content-encoding": "gzip" };
    expect((await stage.ask("/me/nickname", { method: "POST", body: "{}", headers })).status).toBe(415);
  });

  it("is no matter of capitals and charsets: UTF-8 is fine", async () => {
    expect((await stage.send("/me/nickname", '{"nickname":"a"}', "Application/JSON; Charset=UTF-8")).status).toBe(200);
  });

  it("that breaks off is answered 400 and reported to nobody", async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error("ECONNRESET")) });
    const headers = { token: "token-1", "content-type": JSON_TYPE };
    const answer = await stage.ask("/me/nickname", { method: "POST", body, headers, duplex: "half" } as RequestInit);
    expect([answer.status, stage.errors]).toEqual([400, []]);
  });
});

describe("S7: a large body", () => {
  const MIB = 1_048_576;

  it("S7: is answered 413 after the limit, and the rest is never taken", async () => {
    let taken = 0;
    let isCancelled = false;
    const body = new ReadableStream(
      {
        pull: (controller) => {
          taken += 16_384;
          controller.enqueue(new Uint8Array(16_384));
          if (taken >= 10 * MIB) controller.close();
        },
        cancel: () => {
          isCancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { token: "token-1", "content-type": JSON_TYPE };
    const answer = await stage.ask("/me/nickname", { method: "POST", body, headers, duplex: "half" } as RequestInit);
    expect(answer).toMatchObject({ status: 413, code: 1013, msg: "the body is larger than 65536 bytes" });
    expect([taken, isCancelled]).toEqual([65_536 + 16_384, true]);
  });

  it("S7: is not read at all when it says how large it is", async () => {
    const headers = { token: "token-1", "content-type": JSON_TYPE, "content-length": String(10 * MIB) };
    const body = new ReadableStream({ pull: () => expect.unreachable() }, { highWaterMark: 0 });
    const answer = await stage.ask("/me/nickname", { method: "POST", body, headers, duplex: "half" } as RequestInit);
    expect(answer.status).toBe(413);
  });

  it("S7: is fine up to the limit, and one byte more is not", async () => {
    const small = new HttpStage({ maxBodyBytes: 2_000 });
    const bodyOf = (bytes: number) => `{"nickname":"${"a".repeat(bytes - 15)}"}`;
    expect((await small.send("/me/nickname", bodyOf(2_000), JSON_TYPE)).status).toBe(200);
    expect((await small.send("/me/nickname", bodyOf(2_001), JSON_TYPE)).status).toBe(413);
  });
});

describe("S36: a body made to be slow", () => {
  const fill = (text: string): string => text.repeat(Math.floor(65_000 / text.length));

  it.each([
    ["open brackets", fill("["), JSON_TYPE],
    ["deep objects", `${fill('{"a":')}1`, JSON_TYPE],
    ["one text of backslashes", `{"nickname":"${fill("\\\\")}`, JSON_TYPE],
    ["many fields", `{${fill('"a":1,')}"b":1}`, JSON_TYPE],
    ["ids that are none", `{"name":"x","ids":[${fill("null,")}null]}`, JSON_TYPE],
    ["percent signs", fill("%"), FORM_TYPE],
    ["ampersands and equals signs", fill("&="), FORM_TYPE],
    ["one name very often", fill("ids=&"), FORM_TYPE],
    ["dashes", fill("--b\r\n"), MULTIPART_TYPE],
    ["parts without an end", fill("--b\r\nContent-Disposition: form-data; name="), MULTIPART_TYPE],
    ["spaces in a type", "{}", `application/json${fill(" ;")}`],
  ])("S36: of %s is refused at once", async (_name, body, type) => {
    const answer = await stage.send("/group/create", body, type);
    expect([400, 413, 415]).toContain(answer.status);
    expect(stage.accounts.calls).toEqual([]);
  });

  it("S36: a query of 60,000 characters is refused", async () => {
    for (const text of ["a", "%41", "&", "group_id=1&"]) {
      expect([400, 413]).toContain((await stage.get(`/group/members?${fill(text)}`)).status);
    }
  });

  it("S36: a header of 60,000 characters is no token, and no address", async () => {
    const proxied = new HttpStage({ trustProxy: "x-forwarded-for" });
    const headers = { authorization: `Bearer ${fill(" a")}`, "x-forwarded-for": fill("1.") };
    expect((await proxied.ask("/me", { headers }, "10.0.0.1")).status).toBe(401);
    expect(proxied.accounts.addresses).toEqual(["10.0.0.1"]);
  });
});
