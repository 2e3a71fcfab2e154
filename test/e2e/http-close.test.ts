import { expect, it } from "vitest";
import { createImServer, type ImServerOptions, memoryStorage } from "../../src/index.js";

const PERSON = JSON.stringify({ phone_number: "13800000001", nickname: "Ada", password: "12345678" });
const REQUEST = { method: "POST", body: PERSON, headers: { "content-type": "application/json" } };

async function listen(options: ImServerOptions) {
  const im = createImServer(options);
  const { port } = await im.listen(0, { host: "127.0.0.1" });
  return { im, url: `http://127.0.0.1:${port}` };
}

it("I17: a close answers the HTTP calls that are under way", async () => {
  const storage = memoryStorage();
  const { im, url } = await listen({ storage });
  const isUnderWay = new Promise<void>((resolve) => {
    const { create } = storage.users;
    storage.users.create = (user) => {
      resolve();
      return new Promise((answer) => setImmediate(() => answer(create.call(storage.users, user))));
    };
  });
  const answer = fetch(`${url}/register`, REQUEST);
  await isUnderWay;
  await im.close();
  expect((await answer).status).toBe(200);
});

it("S33: what fails inside an HTTP call is in the application's log, under the id its client was given", async () => {
  const logged: { readonly correlationId?: unknown }[] = [];
  const write = (fields: object) => void logged.push(fields);
  const storage = memoryStorage();
  storage.users.create = () => Promise.reject(new TypeError("a bug with a secret"));
  const { im, url } = await listen({ storage, logger: { debug: () => {}, info: () => {}, warn: write, error: write } });
  const response = await fetch(`${url}/register`, REQUEST);
  const { msg } = (await response.json()) as { msg: string };
  await im.close();
  expect(response.status).toBe(500);
  expect(msg).not.toContain("secret");
  expect(msg).toContain(String(logged[0]?.correlationId));
});

it("S9: one user makes 20 changes at once over HTTP, more are answered 429", async () => {
  const { im, url } = await listen({});
  const { token } = await im.users.register({ phoneNumber: "13800000001", nickname: "Ada", password: "12345678" });
  const rename = (nickname: string) =>
    fetch(`${url}/me/nickname`, {
      ...REQUEST,
      body: JSON.stringify({ nickname }),
      headers: { ...REQUEST.headers, token },
    });
  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => rename(`Ada ${index}`)));
  const refused = answers.filter(({ status }) => status === 429);
  await im.close();
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers.get("retry-after")).toBe("1");
});
