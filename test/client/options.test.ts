import { describe, expect, it } from "vitest";
import { createImClient } from "../../src/client/index.node.js";
import type { ClientOptions } from "../../src/client/options.js";

const url = "wss://chat.test/ws";

function refusal(options: unknown): string {
  try {
    createImClient(options as ClientOptions);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(code).toBe("invalid_argument");
    return message;
  }
  return "taken";
}

describe("options of a client", () => {
  it("are taken when url and token are there", () => {
    expect(refusal({ url, token: "t" })).toBe("taken");
    expect(refusal({ url: "ws://localhost:8080", token: async () => "t", window: 1, sendTtlMs: 0.5 })).toBe("taken");
  });

  it("lists every problem at once, each with its name and what was given", () => {
    const message = refusal({
      url: "http://chat.test",
      token: 5,
      maxOutbox: 0,
      window: 2_000,
      sendTtlMs: -1,
      tokn: "x",
    });
    expect(message).toContain('url must begin with ws:// or wss://, got "http://chat.test"');
    expect(message).toContain("token must be a non-empty string or a function, got 5");
    expect(message).toContain("maxOutbox must be a whole number from 1 to 1000000, got 0");
    expect(message).toContain("window must be a whole number from 1 to 1024, got 2000");
    expect(message).toContain("sendTtlMs must be a number of milliseconds above 0, got -1");
    expect(message).toContain('"tokn" is no option');
  });

  it.each([
    ["store", { load() {} }],
    ["deviceKind", "two words"],
    ["maxContentBytes", 1.5],
    ["WebSocket", "ws"],
    ["token", ""],
    ["url", "wss://"],
  ])("refuses %s: %j", (name, value) => {
    expect(refusal({ url, token: "t", [name]: value })).toContain(`${name} must`);
  });

  it.each([undefined, null, "ws://x"])("refuses %j instead of options", (options) => {
    expect(refusal(options)).toContain("options must be an object");
  });

  it("S31: never repeats a token in its text", () => {
    expect(refusal({ url: "nowhere", token: "secret-canary" })).not.toContain("secret-canary");
  });
});
