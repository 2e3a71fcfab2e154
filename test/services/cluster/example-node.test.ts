import { randomBytes } from "node:crypto";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { call, joinChat, type Login } from "../../examples/app-visitor.js";
import { readDocument } from "../../examples/markdown.js";
import { Program } from "../../examples/run-program.js";
import { ServerPlace } from "../knex/server-place.js";

const { mariadb, redis, etcd } = inject("services");

/** The settings that two nodes of one test have in common: a database, names and a key of their own. */
async function openPlace() {
  const place = await ServerPlace.create("mysql2", mariadb ?? "");
  onTestFinished(() => place.remove());
  return {
    ...{ SHYIM_PORT: "0", SHYIM_RPC_PORT: "0", SHYIM_RPC_PLAINTEXT: "1", SHYIM_STORAGE_URL: place.url },
    ...{ SHYIM_REDIS_URL: redis ?? "", SHYIM_ETCD_URLS: etcd ?? "" },
    ...{ SHYIM_PREFIX: `test-${randomBytes(6).toString("hex")}`, SHYIM_TOKEN_KEY: randomBytes(32).toString("base64") },
  };
}

async function startNode(name: string, env: Readonly<Record<string, string>>) {
  const program = new Program("examples/cluster/node.ts", [], { ...env, SHYIM_NODE_ID: name });
  onTestFinished(() => void program.stop("SIGKILL"));
  const [, chatUrl = "", url = ""] = await program.prints(/serves (ws:\S+), health (http:\S+)\/health\n/);
  return { program, chatUrl, url };
}

async function signUp(url: string, nickname: string, phoneNumber: string): Promise<Login> {
  const fields = { phone_number: phoneNumber, nickname, password: "correct horse battery" };
  const { id, token } = (await call("POST", `${url}/register`, fields)).body.data as { id: string; token: string };
  return { userId: id, token, expiresAt: Number.MAX_SAFE_INTEGER };
}

describe.skipIf([mariadb, redis, etcd].includes(undefined))("examples/cluster/node.ts", () => {
  it("brings a message from a node to another one, says how it is, and drains on SIGTERM", async () => {
    const env = await openPlace();
    const [a, b] = [await startNode("a", env), await startNode("b", env)];
    const [ada, bob] = [await signUp(a.url, "Ada", "+41790000001"), await signUp(b.url, "Bob", "+41790000002")];
    const [left, right] = [await joinChat(a.chatUrl, ada), await joinChat(b.chatUrl, bob)];
    await left.im.send({ to: { userId: bob.userId }, text: "Are you there?" });
    expect(await right.sees(1)).toEqual(["Are you there?"]);

    const [, printed = "{}"] = /```json\n([\s\S]*?)```/.exec(readDocument("docs/cluster.md")) ?? [];
    const { queue: _queue, ...documented } = JSON.parse(printed) as Record<string, object>;
    const { status, body } = await call("GET", `${a.url}/ready`);
    expect([status, Object.keys(body), body.ready]).toEqual([200, Object.keys(documented), true]);
    expect(Object.keys(body.presence as object)).toEqual(Object.keys(documented.presence ?? {}));

    const ends = await Promise.all([a.program.stop(), b.program.stop()]);
    expect(ends.map(({ exitCode, errors }) => ({ exitCode, errors }))).toEqual([
      { exitCode: 0, errors: "" },
      { exitCode: 0, errors: "" },
    ]);
  });
});

describe.skipIf(Object.values({ mariadb, redis, etcd, kafka: inject("services").kafka }).includes(undefined))(
  "npm run example:cluster",
  () => {
    it("I6: plays its scene, a node killed in the middle, and nothing is lost or doubled", async () => {
      const { exitCode, lines, errors } = await new Program("examples/cluster/start.ts").ended;
      expect(errors).toBe("");
      expect(lines).toEqual(expect.arrayContaining(["written 8, shown 8, 8, 8; doubled 0, lost 0,"]));
      expect(lines.filter((line) => line.includes("4410 and 4410"))).toHaveLength(1);
      expect(lines.at(-2)).toBe("The nodes have drained and ended; their database and their topics are gone.");
      expect(exitCode).toBe(0);
    });
  },
);
