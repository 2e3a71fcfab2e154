import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImServer, type ImServer } from "../../src/index.js";
import { createHttpApi, type HttpApi } from "../../src/server/http/index.js";

/** Every route that takes the id of a group, with what else it needs. */
const GROUP_ROUTES: readonly (readonly [
  method: "GET" | "POST",
  path: string,
  fields: Readonly<Record<string, unknown>>,
])[] = [
  ["GET", "/group_user/list", {}],
  ["GET", "/group/members", {}],
  ["GET", "/history", {}],
  ["POST", "/group/add", { ids: ["1"] }],
  ["POST", "/group/remove", { user_id: "1" }],
  ["POST", "/group/leave", {}],
  ["POST", "/group/rename", { name: "mine now" }],
  ["POST", "/group/role", { user_id: "1", role: "admin" }],
  ["POST", "/group/hand_over", { user_id: "1" }],
];

describe("S19: an id of somebody else's is worth nothing", () => {
  let im: ImServer;
  let api: HttpApi;
  const tokens = new Map<string, string>();
  let groupId = "";

  beforeAll(async () => {
    im = createImServer();
    await im.start();
    api = createHttpApi(im);
    for (const [index, nickname] of ["owner", "member", "removed", "stranger"].entries()) {
      const { token } = await im.users.register({ phoneNumber: `1380000000${index}`, nickname, password: "12345678" });
      tokens.set(nickname, token);
    }
    groupId = (await im.groups.create({ name: "secret", ownerId: "1", memberIds: ["2", "3"] })).id;
    await im.messages.send({ to: { groupId }, from: "1", text: "a secret" });
    await im.groups.remove(groupId, "3");
    await im.messages.send({ to: { groupId }, from: "1", text: "a later secret" });
  });
  afterAll(() => im.close());

  async function call(who: string, method: string, path: string, fields: Readonly<Record<string, unknown>>) {
    const headers = { token: tokens.get(who) ?? "", "content-type": "application/json" };
    const query = new URLSearchParams(fields as Record<string, string>);
    const request =
      method === "GET"
        ? new Request(`http://localhost${path}?${query}`, { headers })
        : new Request(`http://localhost${path}`, { method, headers, body: JSON.stringify(fields) });
    const response = await api.fetch(request, { address: "127.0.0.1" });
    return { status: response.status, text: await response.text() };
  }

  it.each(GROUP_ROUTES)("%s %s answers a stranger like a group that does not exist", async (method, path, fields) => {
    const theirs = await call("stranger", method, path, { ...fields, group_id: groupId });
    const missing = await call("stranger", method, path, { ...fields, group_id: "404" });
    expect(theirs.text.replaceAll(`"${groupId}"`, '"404"').replaceAll(`\\"${groupId}\\"`, '\\"404\\"')).toBe(
      missing.text,
    );
    expect(theirs.status).toBe(missing.status);
    expect(theirs.text).not.toContain("secret");
  });

  it.each(GROUP_ROUTES.filter(([, path]) => path !== "/history"))(
    "%s %s answers a former member like a group that does not exist",
    async (method, path, fields) => {
      const theirs = await call("removed", method, path, { ...fields, group_id: groupId });
      expect([theirs.status, theirs.text]).toEqual([404, expect.not.stringContaining("secret")]);
    },
  );

  it("a former member reads what was theirs, and nothing later", async () => {
    const { text } = await call("removed", "GET", "/history", { group_id: groupId });
    expect(text).toContain("a secret");
    expect(text).not.toContain("a later secret");
  });

  it("a conversation of two others is as empty as one that never was", async () => {
    await im.messages.send({ to: { userId: "2" }, from: "1", text: "between us" });
    const [theirs, missing] = [
      await call("stranger", "GET", "/history", { user_id: "2" }),
      await call("stranger", "GET", "/history", { user_id: "404" }),
    ];
    expect(theirs).toEqual(missing);
  });

  it("no token, no answer", async () => {
    for (const [method, path, fields] of GROUP_ROUTES) {
      expect((await call("nobody", method, path, { ...fields, group_id: groupId })).status).toBe(401);
    }
  });
});
