import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { call, joinChat } from "./app-visitor.js";
import { Program } from "./run-program.js";

const programs: Program[] = [];
afterEach(() => Promise.all(programs.splice(0).map((program) => program.stop("SIGKILL"))));

/** The program of a node, without engines unless `env` names some. */
function start(env: Readonly<Record<string, string>> = {}): Program {
  const program = new Program("examples/cluster/node.ts", [], { SHYIM_PORT: "0", SHYIM_NODE_ID: "a", ...env });
  programs.push(program);
  return program;
}

describe("a node of the cluster example, by itself", () => {
  it("D1: says where it serves, signs people up, tells how it is, and leaves in good order on SIGTERM", async () => {
    const program = start();
    const [, chatUrl = "", url = ""] = await program.prints(/^node a serves (ws:\S+), health (http:\S+)\/health\n/);
    const ada = { phone_number: "+41 79 123 45 67", nickname: "Ada", password: "correct horse battery" };
    const { token, id } = (await call("POST", `${url}/register`, ada)).body.data as { token: string; id: string };
    const visitor = await joinChat(chatUrl, { userId: id, token, expiresAt: Number.MAX_SAFE_INTEGER });
    await visitor.im.send({ to: { userId: id }, text: "a note to myself" });
    expect(await visitor.sees(1)).toEqual(["a note to myself"]);

    const health = { node: "a", ready: true, storage: { state: "up", since: expect.any(Number) } };
    expect(await call("GET", `${url}/health`)).toEqual({ status: 200, body: health });
    expect(await call("GET", `${url}/ready`)).toEqual({ status: 200, body: health });

    const { exitCode, errors } = await program.stop();
    // The one line says that without a key tokens end with the process.
    expect({ exitCode, errors: errors.replace(/^.*"level":"warn".*\n/, "") }).toEqual({ exitCode: 0, errors: "" });
  });

  it("serves, and says that it is not ready, while its database is away", async () => {
    const nobody = createServer();
    const port = await new Promise<number>((resolve) => {
      nobody.listen(0, "127.0.0.1", () => resolve((nobody.address() as { port: number }).port));
    });
    await new Promise((resolve) => nobody.close(resolve));
    const key = { SHYIM_TOKEN_KEY: "a-key-that-only-this-test-has-got-1" };
    const program = start({ SHYIM_STORAGE_URL: `mysql://root@127.0.0.1:${port}/chat`, ...key });
    const [, url = ""] = await program.prints(/health (http:\S+)\/health\n/);
    const [health, ready] = [await call("GET", `${url}/health`), await call("GET", `${url}/ready`)];
    expect([health.status, ready.status]).toEqual([200, 503]);
    expect(ready.body).toMatchObject({ ready: false, storage: { state: "down", reason: expect.any(String) } });
    expect((await program.stop()).exitCode).toBe(0);
  });

  it.each([
    ["a setting", { SHYIM_PORT: "abc" }, 'SHYIM_PORT: expected an integer from 0 to 65535, got "abc"'],
    ["a limit", { SHYIM_LIMITS_WINDOW: "100000" }, "limits.window: expected an integer from 1 to 1,024, got 100000"],
    ["the address", { SHYIM_HOST: "192.0.2.1" }, "SHYIM_HOST has to be an address of this machine"],
  ])("ends with 1 and a sentence, without a stack, when %s is wrong", async (_name, env, words) => {
    const { exitCode, errors } = await start(env).ended;
    expect(errors).toContain(words);
    expect(errors).not.toMatch(/ at .*:\d+:\d+/);
    expect(exitCode).toBe(1);
  });

  it("says so when its port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    const { exitCode, errors } = await start({ SHYIM_PORT: String(port) }).ended;
    other.close();
    expect(errors).toContain(`port ${port} on 127.0.0.1 is taken`);
    expect(exitCode).toBe(1);
  });
});
