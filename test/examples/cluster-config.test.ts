import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { NodeConfig } from "../../examples/cluster/config.js";
import { createNode } from "../../examples/cluster/create-node.js";
import { readConfig } from "../../examples/cluster/read-config.js";
import { Authority, canMakeCertificates } from "../adapters/grpc/certificates.js";

const KEY = "a key that nobody can guess, 123".replaceAll(" ", "-");
const STORAGE = { SHYIM_STORAGE_URL: "mysql://chat:hush@db:3306/chat", SHYIM_TOKEN_KEY: KEY };
const MEETING = {
  SHYIM_ETCD_URLS: "http://e1:2379, http://e2:2379",
  SHYIM_REDIS_URL: "redis://:hush@r:6379",
  SHYIM_RPC_PORT: "9094",
};
const NODE = { ...STORAGE, ...MEETING, SHYIM_RPC_PLAINTEXT: "1" };
let folder: string;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "shyim-node-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(yaml: string): string {
  const path = join(folder, `${files++}.yaml`);
  writeFileSync(path, yaml);
  return path;
}

/** Every line of what is wrong. */
function problemsWith(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  throw new Error("nothing is wrong with it");
}

/** The only problem there is. */
function problemWith(env: NodeJS.ProcessEnv): string {
  const [sum, problem = "", ...others] = problemsWith(env);
  expect([sum, others]).toEqual(["1 problem with the settings of this node", []]);
  return problem;
}

describe("the settings of a node", () => {
  it("are a node in memory, on this machine alone, where nothing is said", () => {
    const { host, port, prefix, devicePolicy, storage, kafka } = readConfig({ PATH: "/bin" });
    expect({ host, port, prefix, devicePolicy }).toEqual({
      ...{ host: "127.0.0.1", port: 8_080, prefix: "shyim", devicePolicy: "multi" },
    });
    expect([storage.url, kafka.brokers]).toEqual([undefined, undefined]);
  });

  it("come from variables as texts and from the file as they are, and a variable wins", () => {
    const yaml =
      "port: 8081\nrpc:\n  port: 9094\n  plaintext: true\netcd:\n  urls: [http://e1:2379]\nredis: { url: 'redis://r' }";
    const env = { SHYIM_CONFIG: file(yaml), ...STORAGE, SHYIM_PORT: "0", SHYIM_LIMITS_UPLINKS_PER_SECOND: "0.5" };
    const { port, rpc, etcd, limits, storage } = readConfig(env);
    expect({ port, rpcPort: rpc.port, plaintext: rpc.plaintext, urls: etcd.urls }).toEqual({
      ...{ port: 0, rpcPort: 9_094, plaintext: true, urls: ["http://e1:2379"] },
    });
    expect(limits.uplinksPerSecond).toBe(0.5);
    expect(storage.pool).toBe(10);
  });

  it("take a list with commas between, and an empty variable as one that is not there", () => {
    const { etcd, kafka } = readConfig({ ...NODE, SHYIM_KAFKA_BROKERS: "k1:9092,k2:9092", SHYIM_KAFKA_TOPIC: "" });
    expect([etcd.urls, kafka.brokers, kafka.topic]).toEqual([
      ["http://e1:2379", "http://e2:2379"],
      ["k1:9092", "k2:9092"],
      undefined,
    ]);
  });

  it.each([
    ["SHYIM_PORT", "abc", 'expected an integer from 0 to 65535, got "abc". For example: SHYIM_PORT=8080'],
    ["SHYIM_PORT", "65536", 'got "65536"'],
    ["SHYIM_DEVICE_POLICY", "one", "expected one of multi, one-per-device-kind, single, reject-new"],
    ["SHYIM_NODE_ID", "a b", "expected 1 to 60 letters"],
    ["SHYIM_PREFIX", "a/b", "expected 1 to 60 letters"],
    ["SHYIM_DRAIN_GRACE_MS", "-1", "expected an integer from 0 to 600000"],
    ["SHYIM_ORIGINS", "app.example", "expected a list of origins"],
    ["SHYIM_LIMITS_WINDOW", "x", "expected an integer from 1"],
    ["SHYIM_LIMITS_UPLINKS_PER_SECOND", "0", "expected a number above 0"],
  ])("say of %s=%s what was expected, what came, and what would do", (variable, value, words) => {
    expect(problemWith({ [variable]: value })).toContain(`${variable}: expected`);
    expect(problemWith({ [variable]: value })).toContain(words);
  });

  it.each([
    ["SHYIM_ETCD_URLS", "e1"],
    ["SHYIM_RPC_ADVERTISE", "10.0.0.5"],
    ["SHYIM_RPC_PLAINTEXT", "yes"],
    ["SHYIM_KAFKA_BROKERS", "kafka://k1:9092"],
    ["SHYIM_KAFKA_MECHANISM", "gssapi"],
    ["SHYIM_KAFKA_REPLICATION", "0"],
  ])("say of %s=%s beside the others what would do", (variable, value) => {
    const env = { ...NODE, SHYIM_KAFKA_BROKERS: "k1:9092", [variable]: value };
    expect(problemWith(env)).toMatch(new RegExp(`^ {2}- ${variable}: expected .*got .*For example: ${variable}=`));
  });

  it.each([
    ["SHYIM_STORAGE_URL", "sqlite:hush-hush"],
    ["SHYIM_REDIS_URL", "http://:hush-hush@r"],
    ["SHYIM_RABBITMQ_URL", "hush-hush"],
    ["SHYIM_TOKEN_KEY", "hush-hush"],
  ])("never repeat what %s holds", (variable, value) => {
    const problem = problemWith({ ...NODE, [variable]: value });
    expect(problem).toContain(`${variable}: expected`);
    expect(problem).not.toContain("hush");
  });

  it("refuse a variable that there is not, but for those of the library's tests", () => {
    expect(problemWith({ SHYIM_PROT: "1" })).toContain("SHYIM_PROT: there is no such setting");
    expect(readConfig({ SHYIM_TEST_MYSQL_URL: "mysql://x" }).port).toBe(8_080);
  });

  it("say of a file what is wrong where, and with which variable it could be said, too", () => {
    const path = file("port: 70000\nprot: 1\nkafka:\n  broker: k\nredis: hello\n");
    const problems = problemsWith({ SHYIM_CONFIG: path });
    expect(problems).toEqual([
      "4 problems with the settings of this node",
      `  - port in ${path} (or SHYIM_PORT): expected an integer from 0 to 65535, got 70000. For example: SHYIM_PORT=8080`,
      `  - redis in ${path}: expected settings below it, got "hello"`,
      `  - kafka.broker in ${path}: there is no such setting`,
      `  - prot in ${path}: there is no such setting`,
    ]);
  });

  it.each([
    ["that is not there", "/nowhere/node.yaml", "SHYIM_CONFIG: /nowhere/node.yaml cannot be read (ENOENT)"],
    ["that is no YAML", "port: [", "is not valid YAML"],
    ["that holds a list", "- 1", "expected settings such as `port: 8080`, got [1]"],
  ])("say so of a file %s", (_name, content, words) => {
    const path = content.startsWith("/") ? content : file(content);
    const [problem = "", ...others] = problemsWith({ SHYIM_CONFIG: path });
    expect([problem, others]).toEqual([expect.stringContaining(words), []]);
  });
});

describe("what has to be said together", () => {
  it.each([
    ["SHYIM_REDIS_URL", { SHYIM_REDIS_URL: "" }, "expected together with SHYIM_ETCD_URLS, SHYIM_RPC_PORT"],
    ["SHYIM_ETCD_URLS", { SHYIM_ETCD_URLS: "" }, "expected together with SHYIM_REDIS_URL, SHYIM_RPC_PORT"],
    ["SHYIM_STORAGE_URL", { SHYIM_STORAGE_URL: "" }, "nodes that share no database are not one server"],
    ["SHYIM_TOKEN_KEY", { SHYIM_TOKEN_KEY: "" }, "one for all nodes"],
    ["SHYIM_RPC_CA_FILE", { SHYIM_RPC_PLAINTEXT: "" }, "SHYIM_RPC_PLAINTEXT=1 in a network that nobody else"],
    ["SHYIM_RPC_PLAINTEXT", { SHYIM_RPC_KEY_FILE: "key.pem" }, "expected only without SHYIM_RPC_CA_FILE"],
    ["SHYIM_RPC_ADVERTISE", { SHYIM_HOST: "0.0.0.0" }, "since SHYIM_HOST is every interface"],
    ["SHYIM_RPC_ADVERTISE", { SHYIM_RPC_HOST: "::" }, "since SHYIM_RPC_HOST is every interface"],
    ["SHYIM_RABBITMQ_URL", { SHYIM_KAFKA_BROKERS: "k:9092", SHYIM_RABBITMQ_URL: "amqp://r" }, "there is one queue"],
    ["SHYIM_KAFKA_TOPIC", { SHYIM_KAFKA_TOPIC: "t" }, "expected only together with SHYIM_KAFKA_BROKERS"],
    ["SHYIM_ETCD_URLS", { SHYIM_ETCD_URLS: "http://e1:2379,https://e2:2379" }, "https: at all of them, or at none"],
    ["SHYIM_ETCD_PASSWORD", { SHYIM_ETCD_USERNAME: "chat" }, "expected together with SHYIM_ETCD_USERNAME"],
  ])("%s is missed or refused when %o is changed", (variable, change, words) => {
    const problem = problemWith({ ...NODE, ...change });
    expect(problem).toContain(`${variable}: `);
    expect(problem).toContain(words);
  });

  it("is said of all three, and of the database, where only a queue is named", () => {
    const problems = problemsWith({ SHYIM_KAFKA_BROKERS: "k:9092" });
    for (const name of ["SHYIM_ETCD_URLS", "SHYIM_REDIS_URL", "SHYIM_RPC_PORT", "SHYIM_STORAGE_URL"]) {
      expect(problems.filter((problem) => problem.includes(`- ${name}: expected together`))).toHaveLength(1);
    }
  });

  it.each([
    ["nothing", {}],
    ["a database alone", STORAGE],
    ["nodes", NODE],
    ["nodes with Kafka", { ...NODE, SHYIM_KAFKA_BROKERS: "k:9092" }],
    ["nodes with RabbitMQ", { ...NODE, SHYIM_RABBITMQ_URL: "amqp://guest:guest@r:5672" }],
    [
      "everything there is",
      {
        ...{
          ...NODE,
          SHYIM_KAFKA_BROKERS: "k:9092",
          SHYIM_KAFKA_TOPIC: "t",
          SHYIM_KAFKA_TLS: "1",
          SHYIM_KAFKA_PARTITIONS: "3",
        },
        ...{
          SHYIM_KAFKA_USERNAME: "u",
          SHYIM_KAFKA_PASSWORD: "p",
          SHYIM_KAFKA_REPLICATION: "3",
          SHYIM_TOKEN_TTL_MS: "60000",
        },
        ...{ SHYIM_ETCD_URLS: "https://e1:2379", SHYIM_ETCD_USERNAME: "u", SHYIM_ETCD_PASSWORD: "p" },
        ...{
          SHYIM_HOST: "::",
          SHYIM_RPC_ADVERTISE: "[::1]:9094",
          SHYIM_TOKEN_OTHER_KEY: `${KEY}-2`,
          SHYIM_LIMITS_WINDOW: "8",
        },
        ...{ SHYIM_ORIGINS: "https://app.example", SHYIM_TRUST_PROXY: "x-forwarded-for" },
        ...{ SHYIM_ACCOUNTS_IMPORTED_PASSWORD_SALT: "s", SHYIM_STORAGE_POOL: "3", SHYIM_DEVICE_POLICY: "single" },
      },
    ],
  ])("is complete with %s: createImServer takes it", (_name, env) => {
    const config: NodeConfig = readConfig(env);
    expect(createNode(config).health().ready).toBe(false);
  });

  it.skipIf(!canMakeCertificates)("takes certificates from files, and only those that belong together", () => {
    const authority = new Authority();
    onTestFinished(() => authority.remove());
    const { ca, cert, key } = authority.issue({ name: "node-a" });
    const files = (own: unknown) => ({
      ...{ SHYIM_RPC_CA_FILE: file(String(ca)), SHYIM_RPC_CERT_FILE: file(String(cert)) },
      ...{ SHYIM_RPC_KEY_FILE: file(String(own)), SHYIM_RPC_PLAINTEXT: "0", SHYIM_RPC_ALLOWED_NAMES: "node-a,node-b" },
    });
    expect(createNode(readConfig({ ...NODE, ...files(key) })).health().ready).toBe(false);
    const foreign = authority.issue({ name: "node-b" }).key;
    expect(() => createNode(readConfig({ ...NODE, ...files(foreign) }))).toThrow("a key that belongs to cert");
  });

  it("names the variable of a certificate that cannot be read", () => {
    const files = { SHYIM_RPC_CA_FILE: "/nowhere/ca.pem", SHYIM_RPC_CERT_FILE: "c", SHYIM_RPC_KEY_FILE: "k" };
    const config = readConfig({ ...NODE, ...files, SHYIM_RPC_PLAINTEXT: "0" });
    expect(() => createNode(config)).toThrow("SHYIM_RPC_CA_FILE: /nowhere/ca.pem cannot be read (ENOENT)");
  });
});
