import { expect, it } from "vitest";
import { createImServer } from "../../src/index.js";
import { RawClient, uplink } from "./raw-client.js";
import { eventually } from "./stage.js";

/** What the original's HTTP client does: form bodies, the token in the header `token`, the envelope in the answer. */
class OriginalHttp {
  readonly #url: string;
  token = "";

  constructor(url: string) {
    this.#url = url;
  }

  async post(path: string, fields: readonly (readonly [string, string])[]) {
    const body = new URLSearchParams(fields.map(([name, value]) => [name, value]));
    return this.#read(await fetch(this.#url + path, { method: "POST", body, headers: { token: this.token } }));
  }

  async postForm(path: string, fields: readonly (readonly [string, string])[]) {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    return this.#read(await fetch(this.#url + path, { method: "POST", body, headers: { token: this.token } }));
  }

  async get(path: string) {
    return this.#read(await fetch(this.#url + path, { headers: { token: this.token } }));
  }

  async #read(response: Response) {
    return { status: response.status, ...((await response.json()) as { code: number; msg: string; data: never }) };
  }
}

const register = async (http: OriginalHttp, phone: string, nickname: string) => {
  const fields = [
    ["phone_number", phone],
    ["nickname", nickname],
    ["password", "12345678"],
  ] as const;
  return (await http.post("/register", fields)) as {
    status: number;
    code: number;
    data: { token: string; id: string };
  };
};

it("the original's HTTP calls sign up, log in, find friends and make a group, and the token opens the socket", async () => {
  const im = createImServer();
  const { port } = await im.listen(0, { host: "127.0.0.1" });
  const http = new OriginalHttp(`http://127.0.0.1:${port}`);

  const ada = await register(http, "13800000001", "Ada");
  const [bob, cid] = [await register(http, "13800000002", "Bob"), await register(http, "13800000003", "Cid")];
  expect([ada.status, ada.code, bob.code, cid.code]).toEqual([200, 200, 200, 200]);
  const login = await http.post("/login", [
    ["phone_number", "13800000001"],
    ["password", "12345678"],
  ]);
  expect(login).toMatchObject({ status: 200, code: 200, data: { user_id: ada.data.id } });
  http.token = (login.data as { token: string }).token;

  expect(await http.post("/friend/add", [["friend_id", bob.data.id]])).toMatchObject({ status: 200, code: 200 });
  const group = await http.postForm("/group/create", [
    ["name", "crew"],
    ["ids", bob.data.id],
    ["ids", cid.data.id],
  ]);
  expect(group).toMatchObject({ status: 200, code: 200, data: { id: expect.stringMatching(/^\d+$/) } });
  const { id } = group.data as { id: string };
  const members = await http.get(`/group_user/list?group_id=${id}`);
  const { ids } = members.data as { ids: string[] };
  expect(ids.map(String).sort()).toEqual([ada.data.id, bob.data.id, cid.data.id].sort());

  const [a, b] = [await RawClient.open(port), await RawClient.open(port)];
  await a.login(http.token);
  await b.login(bob.data.token);
  a.send({ ...uplink(1, id, "hello crew"), sessionType: 2 });
  await eventually(() => a.of("uplink_ack").length === 1, "the message is acknowledged");
  const { items } = await im.messages
    .history(cid.data.id, { groupId: id })
    .then(({ messages }) => ({ items: messages.filter(({ type }) => type === "text") }));
  expect(items.map(({ text, senderId }) => [text, senderId])).toEqual([["hello crew", ada.data.id]]);
  for (const { socket } of [a, b]) socket.terminate();
  await im.close();
});
