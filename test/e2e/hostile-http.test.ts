import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createImServer, type ImServer, type MemoryStorage, memoryStorage } from "../../src/index.js";

const JSON_TYPE = { "content-type": "application/json" };
const PERSON = { phone_number: "13800000001", nickname: "Ada", password: "12345678" };

/** Bodies for `/register` that are no registration, with the status each deserves. */
const BODIES: readonly (readonly [what: string, body: string, status: number])[] = [
  ["__proto__", `{"phone_number":"13800000001","nickname":"Ada","password":"12345678","__proto__":{"id":"1"}}`, 400],
  ["constructor", JSON.stringify({ ...PERSON, constructor: { prototype: { isAdmin: true } } }), 400],
  ["an id", JSON.stringify({ ...PERSON, id: "1" }), 400],
  ["a password_hash", JSON.stringify({ ...PERSON, password_hash: "x" }), 400],
  ["an array for a string", JSON.stringify({ ...PERSON, nickname: ["Ada"] }), 400],
  ["an object for a string", JSON.stringify({ ...PERSON, phone_number: { $ne: null } }), 400],
  ["a number for a string", JSON.stringify({ ...PERSON, password: 12345678 }), 400],
  ["null", "null", 400],
  ["a list", "[]", 400],
  ["half a text", `{"phone_number":"138`, 400],
  ["nothing", "", 400],
  ["depth", `{"nickname":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, 400],
  ["10 MB", JSON.stringify({ ...PERSON, nickname: "x".repeat(10_000_000) }), 413],
];

describe("S22: bodies that are none", () => {
  let storage: MemoryStorage;
  let im: ImServer;
  let url: string;

  beforeEach(async () => {
    storage = memoryStorage();
    im = createImServer({ storage });
    const { port } = await im.listen(0, { host: "127.0.0.1" });
    url = `http://127.0.0.1:${port}`;
  });
  afterEach(() => im.close());

  it.each(BODIES)("%s: a proper status, nothing stored, and the next one is served", async (_what, body, status) => {
    const answer = await fetch(`${url}/register`, { method: "POST", body, headers: JSON_TYPE }).then(
      async (response) => ({ status: response.status, ...((await response.json()) as object) }),
      // A server that has heard enough may hang up while the body is still on its way.
      () => ({ status: 413, code: 1013, data: null }),
    );
    expect(answer).toMatchObject({ status, data: null });
    expect(await storage.users.findByPhoneNumber("13800000001")).toBeNull();
    expect(Object.hasOwn(Object.prototype, "id") || Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
    const next = await fetch(`${url}/register`, { method: "POST", body: JSON.stringify(PERSON), headers: JSON_TYPE });
    expect(next.status).toBe(200);
  });
});
