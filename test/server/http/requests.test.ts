import { createHttpApi } from "shyim/http";
import { describe, expect, it } from "vitest";
import { parseAddress } from "../../../src/server/http/client-address.js";
import { ROUTES } from "../../../src/server/http/route-table.js";
import { FakeAccounts } from "./fake-accounts.js";
import { HttpStage } from "./http-stage.js";

describe("a path", () => {
  it.each(["/", "/nothing", "/me/", "/ME", "/me/..", "//me", "/__proto__", "/register/x"])(
    "that is not there, %s, is answered 404",
    async (path) => {
      expect(await new HttpStage().get(path)).toMatchObject({ status: 404, code: 1017, data: null });
    },
  );

  it.each(ROUTES.map(({ method, path }) => [method, path] as const))(
    "%s %s takes no other method",
    async (method, path) => {
      const stage = new HttpStage();
      for (const other of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"].filter((name) => name !== method)) {
        const answer = await stage.ask(path, { method: other, headers: { token: "token-1" } });
        expect(answer).toMatchObject({ status: 405, code: 1001, msg: `use ${method} here` });
        expect(answer.headers.get("allow")).toContain(method);
      }
      expect(stage.accounts.calls).toEqual([]);
    },
  );

  it("takes no fields in the address where it takes a body", async () => {
    const answer = await new HttpStage().post("/login?password=secret", { phone_number: "1", password: "x" }, null);
    expect(answer).toMatchObject({ status: 400, msg: "send the fields in the body, not in the address" });
  });

  it("begins with the base path where there is one", async () => {
    const stage = new HttpStage({ basePath: "/api/im" });
    expect([(await stage.get("/api/im/me")).status, (await stage.get("/me")).status]).toEqual([200, 404]);
  });

  it("answers HEAD like GET, without a body", async () => {
    const stage = new HttpStage();
    const request = new Request("http://chat.test/me", { method: "HEAD", headers: { token: "token-1" } });
    const response = await stage.api.fetch(request);
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

describe("the headers of every answer", () => {
  it("let nobody keep it or guess what it is, and say nothing of the server", async () => {
    const stage = new HttpStage();
    stage.accounts.trouble = new Error("inside");
    const answers = [
      await stage.get("/friend/list"),
      await stage.get("/me"),
      await stage.get("/me", null),
      await stage.get("/nothing"),
      await stage.get("/login"),
      await stage.get("/openapi.json"),
      await stage.send("/login", "x", "text/plain"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 401, 404, 405, 200, 415]);
    for (const { headers } of answers) {
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
      for (const name of ["server", "x-powered-by", "set-cookie", "access-control-allow-origin"]) {
        expect(headers.has(name)).toBe(false);
      }
    }
  });
});

describe("S1: pages of other origins", () => {
  const origin = "https://app.example";
  const preflight = (from: string) => ({
    method: "OPTIONS",
    headers: { origin: from, "access-control-request-method": "POST", "access-control-request-headers": "token" },
  });

  it("S1: may not call unless they are named", async () => {
    const stage = new HttpStage();
    expect((await stage.ask("/me", preflight(origin))).status).toBe(405);
    const answer = await stage.ask("/me", { headers: { origin, token: "token-1" } });
    expect(answer.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("S1: may call when they are, without cookies, and read when to come back", async () => {
    const stage = new HttpStage({ corsOrigins: [origin] });
    const question = await stage.ask("/group/create", preflight(origin));
    expect(question.status).toBe(204);
    expect(Object.fromEntries(question.headers)).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "authorization, content-type, token",
      vary: "Origin",
    });
    const answer = await stage.ask("/me", { headers: { origin, token: "token-1" } });
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toBe("retry-after");
    expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
  });

  it.each(["https://app.example.evil.test", "http://app.example", "https://app.example:8443", "null", "", "*"])(
    "S1: may not call from %j when another is named",
    async (from) => {
      const stage = new HttpStage({ corsOrigins: [origin] });
      expect((await stage.ask("/me", preflight(from))).status).toBe(405);
      const answer = await stage.ask("/me", { headers: { origin: from, token: "token-1" } });
      expect(answer.headers.has("access-control-allow-origin")).toBe(false);
      expect(answer.headers.get("vary")).toBe("Origin");
    },
  );
});

describe("the address of the caller", () => {
  const login = (stage: HttpStage, headers: Record<string, string>, address?: string) =>
    stage.ask(
      "/login",
      { method: "POST", body: new URLSearchParams({ phone_number: "1", password: "x" }), headers },
      address,
    );

  it("is that of the connection, whatever a header says", async () => {
    const stage = new HttpStage();
    await login(stage, { "x-forwarded-for": "6.6.6.6", forwarded: "for=6.6.6.6" }, "::ffff:10.0.0.1");
    await login(stage, {}, "2001:DB8:0:0::1");
    await login(stage, {});
    expect(stage.accounts.addresses).toEqual(["10.0.0.1", "2001:db8::1", undefined]);
  });

  it("S4: is what the nearest proxy wrote, where a proxy is trusted", async () => {
    const stage = new HttpStage({ trustProxy: "X-Forwarded-For" });
    await login(stage, { "x-forwarded-for": "6.6.6.6, 7.7.7.7:4711" }, "10.0.0.1");
    await login(stage, { "x-forwarded-for": "unknown" }, "10.0.0.1");
    await login(stage, {}, "10.0.0.1");
    expect(stage.accounts.addresses).toEqual(["7.7.7.7", "10.0.0.1", "10.0.0.1"]);
  });

  it.each([
    ["1.2.3.4", "1.2.3.4"],
    ["1.2.3.4:80", "1.2.3.4"],
    ["::1", "::1"],
    ["[::1]:80", "::1"],
    ["[2001:DB8::0:1]", "2001:db8::1"],
    ["::FFFF:1.2.3.4", "1.2.3.4"],
    ["1.2.3", null],
    ["1.2.3.256", null],
    ["01.2.3.4", null],
    ["0x1.2.3.4", null],
    ["", null],
    [":", null],
    ["[", null],
    ["a:b", null],
    ["::1]@evil", null],
    ["example.test", null],
    ["fe80::1%eth0", null],
  ])("%s is read as %s", (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });
});

describe("the options", () => {
  it.each([
    [{ maxBodyBytes: 10 }, "maxBodyBytes"],
    [{ trustProxy: "x forwarded" }, "trustProxy"],
    [{ trustProxy: true }, "trustProxy"],
    [{ corsOrigins: ["*"] }, "corsOrigins.0"],
    [{ corsOrigins: ["https://app.example/"] }, "corsOrigins.0"],
    [{ corsOrigins: "https://app.example" }, "corsOrigins"],
    [{ basePath: "im" }, "basePath"],
    [{ basePath: "/im/" }, "basePath"],
    [{ onError: "log" }, "onError"],
    [{ trustproxy: "x" }, "trustproxy: there is no such option"],
    [null, "options"],
  ])("%j are refused by name", (options, name) => {
    const create = () => createHttpApi(new FakeAccounts(), options as object);
    expect(create).toThrow(
      expect.objectContaining({ code: "invalid_argument", message: expect.stringContaining(name) }),
    );
  });
});
