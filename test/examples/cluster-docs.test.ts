import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SETTINGS } from "../../examples/cluster/config.js";
import { createNode } from "../../examples/cluster/create-node.js";
import { readConfig } from "../../examples/cluster/read-config.js";
import { variableOf } from "../../examples/cluster/variable-of.js";
import { allOrdeals } from "../../scripts/chaos/ordeals/catalogue.js";
import { canMakeCertificates } from "../adapters/grpc/certificates.js";
import { GrpcNode } from "../adapters/grpc/grpc-node.js";
import { repositoryFolder } from "../house/source-files.js";
import { codeWords, readDocument, tableRows } from "./markdown.js";

const EXAMPLE = "examples/cluster/node.example.yaml";
const document = readDocument("docs/cluster.md");
const compose = parse(readDocument("examples/cluster/compose.yaml")) as {
  readonly services: Readonly<Record<string, ComposeService>>;
};

interface ComposeService {
  readonly image: string;
  readonly ports: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly environment?: Readonly<Record<string, string | number>>;
}

/** The example's settings, as a node reads them. */
function exampleConfig() {
  return readConfig({
    SHYIM_CONFIG: join(repositoryFolder, EXAMPLE),
    SHYIM_TOKEN_KEY: "a-key-that-only-this-test-has-got-1",
  });
}

/** `host:port` where a service of the compose file is reached. */
function placeOf(name: string): string {
  const [, place = ""] = /^(127\.0\.0\.1:\d+):\d+$/.exec(compose.services[name]?.ports[0] ?? "") ?? [];
  return place;
}

describe("examples/cluster/compose.yaml", () => {
  it("has every service pinned, watched, and reachable from this machine alone", () => {
    expect(Object.keys(compose.services)).toEqual(["mysql", "redis", "etcd", "kafka"]);
    for (const { image, ports, healthcheck } of Object.values(compose.services)) {
      expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+(-alpine)?$/);
      expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:(\d+):\1$/)]);
      expect(healthcheck?.test[0]).toBe("CMD");
    }
  });

  it("has them where the example's settings say, with the user and the database they name", () => {
    const { storage, redis, etcd, kafka } = exampleConfig();
    const database = new URL(storage.url ?? "");
    expect(database.host).toBe(placeOf("mysql"));
    expect(compose.services.mysql?.environment).toMatchObject({
      ...{ MYSQL_USER: database.username, MYSQL_PASSWORD: database.password },
      MYSQL_DATABASE: database.pathname.slice(1),
    });
    expect(new URL(redis.url ?? "").host).toBe(placeOf("redis"));
    expect(etcd.urls).toEqual([`http://${placeOf("etcd")}`]);
    expect(kafka.brokers).toEqual([placeOf("kafka")]);
    expect(compose.services.kafka?.environment?.KAFKA_ADVERTISED_LISTENERS).toBe(`PLAINTEXT://${placeOf("kafka")}`);
  });

  it("is for settings that make a node, and its head starts three with variables that exist", () => {
    expect(createNode(exampleConfig()).health()).toHaveProperty("queue");
    const head = readDocument("examples/cluster/compose.yaml").split("\n\n")[0] ?? "";
    const starts = head.split("\n").filter((line) => line.includes("npx tsx examples/cluster/node.ts"));
    expect(starts).toHaveLength(3);
    const known = ["SHYIM_CONFIG", ...SETTINGS.map(variableOf)];
    const named = [...head.matchAll(/SHYIM_\w+/g)].map(([name]) => name);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("docs/cluster.md", () => {
  it("lists every setting with its variable, once", () => {
    const rows = tableRows(document, "setting | variable | meaning | default");
    const listed = rows.slice(0, -1).map(([path = "", variable = ""]) => [codeWords(path)[0], codeWords(variable)[0]]);
    const plain = SETTINGS.filter((path) => !path.startsWith("limits."));
    expect(listed.sort()).toEqual(plain.map((path) => [path, variableOf(path)]).sort());
    expect(codeWords(rows.at(-1)?.join() ?? "")).toEqual(expect.arrayContaining(["SHYIM_LIMITS_WINDOW"]));
  });

  it("says the defaults that the settings have", () => {
    const rows = tableRows(document, "setting | variable | meaning | default");
    const said = rows.map(([path = "", , , value = ""]) => [codeWords(path)[0] ?? "", value] as const);
    const known = said.map(([path]) => [path, defaultOf(path)] as const).filter(([, value]) => value !== undefined);
    expect(known.length).toBeGreaterThan(8);
    expect(said).toEqual(expect.arrayContaining(known));
  });

  it("explains errors in the words that the code has", () => {
    const texts = tableRows(document, "text | cause | what to do").flatMap(([cell = ""]) => codeWords(cell));
    expect(texts.length).toBeGreaterThan(12);
    const pieces = texts.flatMap((text) => text.split("…")).map((piece) => piece.replace(/^[: ]+|[: ]+$/g, ""));
    expect(pieces.filter((piece) => piece !== "" && !sources.includes(piece) && !REMADE.includes(piece))).toEqual([]);
  });

  it("names every package that the parts of a cluster need beside the library", () => {
    const { peerDependencies } = JSON.parse(readDocument("package.json")) as { peerDependencies: object };
    const installed = [...document.matchAll(/\(`npm install ([^)]*)\)/g)].flatMap(([, names = ""]) =>
      packagesIn(names),
    );
    const ofFiles = ["better-sqlite3"];
    const needed = Object.keys(peerDependencies).filter((name) => !ofFiles.includes(name));
    expect([...new Set(installed)].sort()).toEqual(needed.sort());
  });

  it("names every ordeal of the chaos", () => {
    const rows = tableRows(document, "option | meaning | default");
    const [, meaning = ""] = rows.find(([option]) => option === "`--ordeal`") ?? [];
    expect(codeWords(meaning)).toEqual([...allOrdeals.map(({ name }) => name), "all"]);
  });

  it("marks where its figures stand", () => {
    expect(document).toMatch(/<!-- figures: cluster -->\n\n\| what [\s\S]*<!-- end of figures -->/);
  });
});

describe.skipIf(!canMakeCertificates)("the certificates of docs/cluster.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "shyim-documented-certificates-"));
  const nodes: GrpcNode[] = [];
  const allowedNames = ["node-a", "node-b", "node-c"];

  beforeAll(() => {
    const [, script = ""] = /```sh\n(ec=[\s\S]*?)```/.exec(document) ?? [];
    execFileSync("sh", ["-ec", script], { cwd: folder, stdio: "pipe" });
  });

  afterAll(async () => {
    await Promise.all(nodes.map(({ rpc }) => rpc.close()));
    rmSync(folder, { recursive: true });
  });

  async function node(name: string): Promise<GrpcNode> {
    const read = (file: string) => readFileSync(join(folder, file));
    const tls = { ca: read("nodes-ca.pem"), cert: read(`${name}.pem`), key: read(`${name}.key`), allowedNames };
    const started = await GrpcNode.start(name, { tls });
    nodes.push(started);
    return started;
  }

  it("are made by its commands, and let nodes reach each other", async () => {
    const [a, b] = [await node("node-a"), await node("node-b")];
    expect([await a.send(b.info), await b.send(a.info)]).toEqual(["taken", "taken"]);
  });
});

/** The names of packages in words such as "knex mysql2`, or `knex pg`". */
function packagesIn(words: string): string[] {
  return words.split(/[`,\s]+/).filter((word) => word !== "" && word !== "or");
}

/** As a variable would say it; `undefined` where nothing is the default. */
function defaultOf(path: string): string | undefined {
  const [name = "", field] = path.split(".");
  const group: unknown = Reflect.get(readConfig({}), name);
  const value: unknown = field === undefined ? group : Reflect.get(Object(group), field);
  if (typeof value === "boolean") return value ? "1" : "0";
  return value === undefined ? undefined : String(value);
}

/** Put together at run time: a name of a variable, and an error of Node. */
const REMADE = ["expected together with SHYIM_ETCD_URLS", "connect ECONNREFUSED"];
let sources = "";

beforeAll(() => {
  for (const folder of ["src", "examples/cluster"]) {
    for (const name of readdirSync(join(repositoryFolder, folder), { recursive: true, encoding: "utf8" })) {
      if (name.endsWith(".ts")) sources += readFileSync(join(repositoryFolder, folder, name), "utf8");
    }
  }
});
