import { createImClient } from "shyim/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { start } from "../../examples/embed-express/index.js";
import { SessionTokens } from "../../examples/embed-express/session-tokens.js";
import { call, closeCodeFor, joinChat, type Login, openFrom } from "./app-visitor.js";

const ORIGIN = "https://shop.example";
const PASSWORD = "correct horse battery";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let shop: Awaited<ReturnType<typeof start>>;
let ada: Login;
let bob: Login;

async function signUp(name: string): Promise<Login> {
  const registered = await call("POST", `${shop.url}/register`, { name, password: PASSWORD });
  expect(registered.status).toBe(201);
  const login = await call("POST", `${shop.url}/login`, { name, password: PASSWORD });
  expect(login).toMatchObject({ status: 200, body: { userId: registered.body.id } });
  return login.body as unknown as Login;
}

beforeAll(async () => {
  shop = await start({ port: 0, origins: [ORIGIN], secret: "a secret that only this test uses, 1234" });
  [ada, bob] = await Promise.all([signUp("ada"), signUp("bob")]);
});
afterAll(() => shop.close());

describe("the Express example", () => {
  it("lets two of its users chat both ways, under their own UUIDs", async () => {
    const [left, right] = [await joinChat(shop.chatUrl, ada), await joinChat(shop.chatUrl, bob)];
    expect([left.im.userId, right.im.userId]).toEqual([ada.userId, bob.userId]);
    expect(ada.userId).toMatch(UUID);
    await left.im.send({ to: { userId: bob.userId }, text: "Is the lamp still there?" });
    await right.sees(1);
    await right.im.send({ to: { userId: ada.userId }, text: "It is." });
    expect(await left.sees(2)).toEqual(["Is the lamp still there?", "It is."]);
    expect(await right.sees(2)).toEqual(["Is the lamp still there?", "It is."]);
    expect(right.shown[0]?.senderId).toBe(ada.userId);
  });

  it("brings a message to the group to every user who registered", async () => {
    const users = await Promise.all(["carol", "dave"].map(signUp));
    const visitors = await Promise.all(users.map((user) => joinChat(shop.chatUrl, user)));
    await visitors[0]?.im.send({ to: { groupId: "team" }, text: "Good morning" });
    expect(await Promise.all(visitors.map((visitor) => visitor.sees(1)))).toEqual([["Good morning"], ["Good morning"]]);
  });

  it("I2: tells a buyer once that an order is on its way, however often the request is repeated", async () => {
    const buyer = await joinChat(shop.chatUrl, await signUp("erin"));
    const { token } = (await call("POST", `${shop.url}/login`, { name: "erin", password: PASSWORD })).body;
    const put = (orderId: string) => call("PUT", `${shop.url}/orders/${orderId}`, {}, String(token));
    const [first, repeated, other] = [await put("A-1"), await put("A-1"), await put("A-2")];
    expect(repeated).toEqual(first);
    expect(other?.body.messageId).not.toBe(first?.body.messageId);
    expect(await buyer.sees(2)).toEqual(["Order A-1 is on its way to you.", "Order A-2 is on its way to you."]);
    expect(buyer.shown[0]?.senderId).toBe(null);
  });

  it.each([
    [
      "of another application",
      () => new SessionTokens("another secret, just as long as the first").issue(ada.userId).token,
    ],
    ["changed by one character", () => `${ada.token.slice(0, -2)}${ada.token.endsWith("AA") ? "BB" : "AA"}`],
    ["without a signature", () => ada.token.split(".")[0] ?? ""],
    ["that is no token", () => "hello"],
  ])("S10: refuses a token %s, for the chat (4401) and for its own routes", async (_name, forge) => {
    const im = createImClient({ url: shop.chatUrl, token: forge() });
    await expect(im.connect()).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await closeCodeFor(shop.chatUrl, forge())).toBe(4401);
    const order = await call("PUT", `${shop.url}/orders/A-3`, {}, forge());
    expect(order.status).toBe(401);
  });

  it("S12: takes no token after its end", () => {
    const tokens = new SessionTokens();
    const { token, expiresAt } = tokens.issue("ada");
    expect(tokens.verify(token, expiresAt - 1)).toEqual({ userId: "ada", expiresAt });
    expect(tokens.verify(token, expiresAt)).toBe(null);
  });

  it("S11: refuses to start with a short secret", async () => {
    await expect(start({ port: 0, secret: "shyIM" })).rejects.toThrow(/at least 32 characters, it has 5/);
  });

  it("S1: opens the chat for its own pages only", async () => {
    expect(await openFrom(ORIGIN, shop.chatUrl)).toBe("open");
    expect(await openFrom("https://shop.example.evil.test", shop.chatUrl)).toBe(403);
  });

  it("goes on answering its own routes and other upgrades", async () => {
    expect(await call("GET", `${shop.url}/health`)).toEqual({ status: 200, body: { ok: true } });
    expect(await openFrom(ORIGIN, shop.chatUrl.replace("/chat", "/elsewhere"))).toBe(404);
  });

  it("S17: answers a wrong name like a wrong password", async () => {
    const [name, password] = await Promise.all([
      call("POST", `${shop.url}/login`, { name: "nobody", password: PASSWORD }),
      call("POST", `${shop.url}/login`, { name: "ada", password: "not the right one" }),
    ]);
    expect(name).toEqual(password);
    expect(name?.status).toBe(401);
  });

  it("registers a name once, and no weak password", async () => {
    expect((await call("POST", `${shop.url}/register`, { name: "ada", password: PASSWORD })).status).toBe(409);
    expect((await call("POST", `${shop.url}/register`, { name: "frank", password: "secret" })).status).toBe(400);
  });
});
