import { createImClient } from "shyim/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { start } from "../../examples/embed-fastify/index.js";
import { call, closeCodeFor, joinChat, type Login, openFrom } from "./app-visitor.js";

const ORIGIN = "https://desk.example";
const NAMES = ["Ada", "Bob", "Carol", "Dave"];
let desk: Awaited<ReturnType<typeof start>>;

async function signIn(name: string): Promise<Login> {
  const code = desk.invitations.find((invitation) => invitation.name === name)?.code;
  const { status, body } = await call("POST", `${desk.url}/login`, { name, code });
  expect(status).toBe(200);
  return body as unknown as Login;
}

beforeEach(async () => {
  desk = await start({ port: 0, origins: [ORIGIN], names: NAMES });
});
afterEach(() => desk.close());

describe("the Fastify example", () => {
  it("lets two of its people chat both ways and in the group", async () => {
    const [ada, bob] = [await signIn("Ada"), await signIn("Bob")];
    const [left, right] = [await joinChat(desk.chatUrl, ada), await joinChat(desk.chatUrl, bob)];
    await left.im.send({ to: { userId: bob.userId }, text: "Can you take the next call?" });
    await right.sees(1);
    await right.im.send({ to: { userId: ada.userId }, text: "Yes." });
    await left.sees(2);
    await left.im.send({ to: { groupId: "desk" }, text: "Bob takes it." });
    const all = ["Can you take the next call?", "Yes.", "Bob takes it."];
    expect([await left.sees(3), await right.sees(3)]).toEqual([all, all]);
    expect(right.shown[2]?.conversation).toEqual({ kind: "group", id: "desk" });
  });

  it("I2: tells the group once that an order has shipped, however often the request is repeated", async () => {
    const carol = await signIn("Carol");
    const visitor = await joinChat(desk.chatUrl, carol);
    const put = (orderId: string) => call("PUT", `${desk.url}/orders/${orderId}/shipped`, undefined, carol.token);
    const [first, repeated, other] = [await put("7"), await put("7"), await put("8")];
    expect(first?.status).toBe(200);
    expect(repeated?.body).toEqual(first?.body);
    expect(other?.body.messageId).not.toBe(first?.body.messageId);
    expect(await visitor.sees(2)).toEqual(["Order 7 has shipped.", "Order 8 has shipped."]);
  });

  it("refuses what its hook and its receiver check say no to", async () => {
    const { im } = await joinChat(desk.chatUrl, await signIn("Dave"));
    await expect(im.send({ to: { groupId: "desk" }, text: "  " })).rejects.toMatchObject({ code: "invalid_argument" });
    await expect(im.send({ to: { userId: "nobody" }, text: "hi" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("S12: signing out everywhere closes the sockets with 4410, and the token is good for nothing any more", async () => {
    const login = await signIn("Dave");
    const { im } = await joinChat(desk.chatUrl, login);
    const out = await call("POST", `${desk.url}/logout-everywhere`, undefined, login.token);
    expect(out.body.closed).toBe(1);
    expect(await im.closed).toMatchObject({ closeCode: 4410 });
    const again = createImClient({ url: desk.chatUrl, token: login.token });
    await expect(again.connect()).rejects.toMatchObject({ code: "unauthenticated" });
    expect((await call("POST", `${desk.url}/logout-everywhere`, undefined, login.token)).status).toBe(401);
  });

  it("S10: refuses a token it never gave out with 4401", async () => {
    const token = "A".repeat(43);
    await expect(createImClient({ url: desk.chatUrl, token }).connect()).rejects.toMatchObject({
      code: "unauthenticated",
    });
    expect(await closeCodeFor(desk.chatUrl, token)).toBe(4401);
  });

  it("S1: opens the chat for its own pages only", async () => {
    expect(await openFrom(ORIGIN, desk.chatUrl)).toBe("open");
    expect(await openFrom("https://evil.example", desk.chatUrl)).toBe(403);
  });

  it("goes on answering its own routes, its own WebSocket and other upgrades", async () => {
    expect(await call("GET", `${desk.url}/health`)).toEqual({ status: 200, body: { ok: true } });
    const clock = new WebSocket(desk.chatUrl.replace("/chat", "/clock"));
    const time = await new Promise((resolve) => clock.on("message", (data) => resolve(String(data))));
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await openFrom(ORIGIN, desk.chatUrl.replace("/chat", "/elsewhere"))).toBe(404);
  });

  it("I17: closes although people keep knocking", async () => {
    const visitor = await joinChat(desk.chatUrl, await signIn("Ada"));
    let isOpen = true;
    const knock = (): void => {
      const socket = new WebSocket(desk.chatUrl).on("error", () => {});
      socket.on("close", () => isOpen && knock());
    };
    for (let n = 0; n < 5; n++) knock();
    await desk.close();
    isOpen = false;
    expect(visitor.im.state.name).not.toBe("closed");
    desk = await start({ port: 0, origins: [ORIGIN], names: NAMES });
  });

  it("takes no wrong code and no body without one", async () => {
    expect((await call("POST", `${desk.url}/login`, { name: "Ada", code: "guess" })).status).toBe(401);
    expect((await call("POST", `${desk.url}/login`, { name: "Ada" })).status).toBe(400);
  });
});
