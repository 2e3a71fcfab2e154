import { expect, it } from "vitest";
import { createImServer, type ImServer } from "../../src/index.js";
import { SqlitePlace } from "../adapters/knex/sqlite-place.js";
import { readAnswer } from "../server/http/http-stage.js";

/** A call over HTTP, with the token of who makes it. */
type Ask = (path: string, fields?: Readonly<Record<string, string>>, token?: string) => ReturnType<typeof readAnswer>;

/** A server on the file, on a free port, for as long as `use` takes. */
async function withServer<T>(place: SqlitePlace, use: (ask: Ask, im: ImServer) => Promise<T>): Promise<T> {
  const im = createImServer({
    accounts: { keys: [{ id: "k1", secret: "a secret of 32 bytes or more, for a test" }] },
    storage: place.storage(),
  });
  const { port } = await im.listen(0, { host: "127.0.0.1" });
  const ask: Ask = async (path, fields, token = "") => {
    const body = fields === undefined ? {} : { method: "POST", body: new URLSearchParams(fields) };
    return readAnswer(await fetch(`http://127.0.0.1:${port}${path}`, { ...body, headers: { token } }));
  };
  try {
    return await use(ask, im);
  } finally {
    await im.close();
  }
}

it("who signed up is found by phone number, in a file and over HTTP, and stays a friend when the server comes back", async () => {
  const place = await SqlitePlace.create();
  try {
    const token = await withServer(place, async (ask) => {
      const sign = (phone_number: string, nickname: string) =>
        ask("/register", { phone_number, nickname, password: "12345678" });
      const ada = (await sign("+41 79 123 45 67", "Ada")).data;
      const bob = (await sign("+41 79 765 43 21", "Bob")).data;
      const added = await ask("/friend/add_by_phone", { phone_number: "+41 (79) 765-43-21" }, ada.token);
      expect(added).toMatchObject({ status: 200, data: { user_id: bob.id, nickname: "Bob", changed: true } });
      expect((await ask("/friend/add_by_phone", { phone_number: "99999" }, ada.token)).status).toBe(404);
      return ada.token as string;
    });
    await withServer(place, async (ask) => {
      const again = await ask("/friend/add_by_phone", { phone_number: "+41797654321" }, token);
      expect(again.data).toMatchObject({ nickname: "Bob", changed: false });
      expect((await ask("/friend/list", undefined, token)).data.friends).toMatchObject([{ nickname: "Bob" }]);
    });
  } finally {
    await place.remove();
  }
});

it("S9: a range of numbers that is gone through over HTTP ends with 429", async () => {
  const place = await SqlitePlace.create();
  try {
    await withServer(place, async (ask, im) => {
      const eve = { phoneNumber: "+41 79 000 00 00", nickname: "Eve", password: "12345678" };
      const { token } = await im.users.register(eve);
      const statuses = [];
      for (let n = 0; n < 40; n++)
        statuses.push((await ask("/friend/add_by_phone", { phone_number: `${70_000 + n}` }, token)).status);
      expect(statuses.filter((status) => status === 404)).toHaveLength(20);
      expect(new Set(statuses.slice(20))).toEqual(new Set([429]));
    });
  } finally {
    await place.remove();
  }
});
