import { describe, expect, it } from "vitest";
import { isImError } from "../../src/core/errors.js";
import { createImServer } from "../../src/server/create-im-server.js";
import type { ImServerOptions } from "../../src/server/options.js";
import { auth, openStage } from "./fixture.js";
import { uplink } from "./raw-client.js";
import { hangs } from "./storage-switch.js";

/** What somebody without types may pass. */
function complaint(options: unknown): string {
  try {
    createImServer(options as ImServerOptions);
  } catch (error) {
    if (isImError(error, "invalid_argument")) return error.message;
    throw error;
  }
  throw new Error("the options were taken");
}

describe("options", () => {
  it("all problems are told at once, each with its path and what was received", () => {
    const options = {
      auth: { authenticate: "yes", exists: 5 },
      storage: {},
      transport: null,
      devices: "some",
      hooks: { beforeSend: true, afterSend: () => {} },
      limits: { window: 0, maxFrameBytes: "65536", heartbeatMs: 5, speed: 9 },
      logger: { info: () => {} },
      cache: 1,
    };
    expect(complaint(options)).toMatchInlineSnapshot(`
      "createImServer: 13 problems with the options
        - auth.authenticate: expected a function, got "yes"
        - auth.exists: expected a function, got 5
        - storage: expected a storage adapter (an object with start, close, markRestored), got a value of type object
        - transport: expected a transport adapter (an object with start, close, bind, stopAccepting), got null
        - devices: expected one of "multi", "one-per-device-kind", "single", "reject-new", got "some"
        - hooks.beforeSend: expected a function, got true
        - hooks.afterSend: there is no such option
        - limits.maxFrameBytes: expected an integer from 1,024 to 1,048,576, got "65536"
        - limits.window: expected an integer from 1 to 1,024, got 0
        - limits.heartbeatMs: expected an integer from 100 to 86,400,000, got 5
        - limits.speed: there is no such option
        - logger: expected a logger (an object with debug, info, warn, error), got a value of type object
        - cache: there is no such option"
    `);
  });

  it.each([
    ["options", "yes", 'options: expected an object, got "yes"'],
    ["limits", { auth, limits: 5 }, "limits: expected an object, got 5"],
    ["hooks", { auth, hooks: null }, "hooks: expected an object, got null"],
    ["a rate", { auth, limits: { uplinksPerSecond: 0 } }, "limits.uplinksPerSecond: expected a number above 0, got 0"],
    ["a count", { auth, limits: { uplinkBurst: 1.5 } }, "limits.uplinkBurst: expected an integer from 1 on, got 1.5"],
    [
      "no number",
      { auth, limits: { window: "many" } },
      'limits.window: expected an integer from 1 to 1,024, got "many"',
    ],
    ["NaN", { auth, limits: { heartbeatMs: Number.NaN } }, "expected an integer from 100 to 86,400,000, got NaN"],
  ])("a wrong value of %s is told in the same plain words", (_what, options, text) => {
    expect(complaint(options)).toContain(`- ${text}`.replace("- expected", "expected"));
  });

  it("an auth that is none is told what one is", () => {
    expect(complaint({ auth: "me" })).toMatchInlineSnapshot(`
      "createImServer: 1 problem with the options
        - auth: expected { authenticate(token) } — it says who a token belongs to; leave it out for the built-in users, got "me""
    `);
  });

  it("an adapter or a runtime without a method of its contract is refused before anything calls it", () => {
    const none = { discovery: {}, presence: {}, rpc: {}, queue: {}, runtime: {}, auth };
    const text = complaint(none);
    for (const methods of [
      "a discovery adapter (an object with start, close, bind, leave)",
      "a presence adapter (an object with start, close, bind, claim, renew, release, locate)",
      "an rpc adapter (an object with start, close, bind, send, forget)",
      "a queue adapter (an object with start, close, bind, publish, stopTaking)",
      "a runtime (an object with now, elapsed, setTimer, endOfTurn, randomBytes, random, sha256)",
    ])
      expect(text).toContain(methods);
    const all = ["start", "close", "bind", "publish", "stopTaking"];
    const queueWithout = (missing?: string) =>
      Object.fromEntries(all.filter((name) => name !== missing).map((name) => [name, () => undefined]));
    for (const missing of all) expect(complaint({ queue: queueWithout(missing) })).toContain("queue: expected a queue");
    expect(complaint({ queue: queueWithout() })).not.toContain("queue: expected a queue");
  });

  it("nothing needs to be said at all", () => {
    expect(() => createImServer()).not.toThrow();
    expect(() => createImServer({})).not.toThrow();
  });

  it("users are either the application's or built in, and a weak secret is refused without being printed", () => {
    expect(complaint({ auth, accounts: {} })).toContain("accounts: expected only without auth");
    const text = complaint({ accounts: { keys: [{ id: "k1", secret: "hunter2" }] } });
    expect(text).toMatch(/accounts: .*keys\.0\.secret: expected at least 32 bytes/);
    expect(text).not.toContain("hunter2");
  });

  it("whether people are found by phone number is yes or no", () => {
    for (const findByPhoneNumber of [true, false, undefined]) {
      expect(() => createImServer({ accounts: { findByPhoneNumber } as object })).not.toThrow();
    }
    const text = complaint({ accounts: { findByPhoneNumber: "no" } });
    expect(text).toContain('accounts: findByPhoneNumber: expected true or false, got "no"');
  });

  it("content that does not fit a frame is a problem of both limits together", () => {
    expect(complaint({ auth, limits: { maxContentBytes: 65_536 } })).toMatchInlineSnapshot(`
      "createImServer: 1 problem with the options
        - limits.maxContentBytes: expected at most 65,536 (maxFrameBytes) less 512, since a message travels in one frame, got 65536"
    `);
    expect(complaint({ auth, limits: { maxFrameBytes: 2_048 } })).toContain("limits.maxContentBytes");
  });

  it("no received value is printed at length, and none of an object's content", () => {
    const secret = "s".repeat(500);
    const text = complaint({ auth: { authenticate: secret }, storage: { password: secret } });
    expect(text).not.toContain("s".repeat(100));
    expect(text.length).toBeLessThan(600);
  });

  it("a limit that is undefined has its default", async () => {
    const limits = { window: undefined, maxContentBytes: undefined } as object;
    const stage = await openStage({ limits });
    stage.storage.commit = hangs;
    const a = await stage.device("a");
    for (let n = 1; n <= 40; n++) a.send(uplink(n, "b", "x"));
    await stage.run();
    expect(a.socket.unread).toBe(40 - 33);
    a.socket.drop(1006);
    const b = await stage.device("b");
    b.send(uplink(1, "c", "x".repeat(32_769)));
    await stage.run();
    expect(b.last("nack").code).toBe("too_large");
  });

  it("the transport is told the largest frame", async () => {
    const stage = await openStage({ limits: { maxFrameBytes: 40_000 } });
    expect(stage.transport.limits?.maxFrameBytes).toBe(40_000);
  });

  it("auth may be an instance of a class", async () => {
    class AppAuth {
      readonly realm = "app";
      readonly #users = new Map([["token", "a"]]);

      authenticate(token: string) {
        const userId = this.#users.get(token);
        return userId === undefined ? null : { userId };
      }
    }
    const stage = await openStage({ auth: new AppAuth() });
    expect((await stage.device("token")).last("login_ack").userId).toBe("a");
  });
});
