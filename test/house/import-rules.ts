import { posix } from "node:path";
import ts from "typescript";
import type { SourceFile } from "./source-files.js";

/** What a zone may import: our own files by the start of their path below src/, and modules of others by the package's name. */
interface Zone {
  readonly ours: readonly string[];
  /** `node:` stands for every module of Node. */
  readonly others: readonly string[];
}

const serverFloor: Zone = { ours: ["core/", "adapters/contracts/", "server/"], others: ["zod"] };
/** What queues of brokers stand on: what they have in common, and what every adapter stands on. */
const brokerFloor: readonly string[] = ["adapters/brokers/", "adapters/contracts/", "core/"];
const clientWing: Zone = { ours: ["core/", "client/"], others: [] };

/**
 * The table of CONTRIBUTING.md: which part of the house may import what. The first line that fits a file counts, so the
 * exceptions stand above the rule. A file that fits no line is a mistake: a new zone or adapter is added here on purpose.
 */
const zones: readonly (readonly [start: string, zone: Zone])[] = [
  ["core/", { ours: ["core/"], others: [] }],
  ["adapters/contracts/", { ours: ["adapters/contracts/", "core/"], others: [] }],
  ["adapters/memory/", { ours: ["adapters/memory/", "adapters/contracts/", "core/"], others: [] }],
  ["adapters/ws/", { ours: ["adapters/ws/", "adapters/contracts/", "core/"], others: ["ws", "node:"] }],
  ["adapters/knex/", { ours: ["adapters/knex/", "adapters/contracts/", "core/"], others: ["knex", "node:"] }],
  ["adapters/etcd/", { ours: ["adapters/etcd/", "adapters/contracts/", "core/"], others: ["etcd3"] }],
  ["adapters/redis/", { ours: ["adapters/redis/", "adapters/contracts/", "core/"], others: ["ioredis", "node:"] }],
  ["adapters/grpc/", { ours: ["adapters/grpc/", "adapters/contracts/", "core/"], others: ["@grpc/grpc-js", "node:"] }],
  ["adapters/brokers/", { ours: ["adapters/brokers/", "adapters/contracts/", "core/"], others: [] }],
  ["adapters/kafka/", { ours: ["adapters/kafka/", ...brokerFloor], others: ["kafkajs", "node:"] }],
  ["adapters/rabbitmq/", { ours: ["adapters/rabbitmq/", ...brokerFloor], others: ["amqplib", "node:"] }],
  ["server/platform/", { ...serverFloor, others: ["node:", "jsonwebtoken", "@hono/node-server"] }],
  ["server/http/", { ...serverFloor, others: [...serverFloor.others, "hono"] }],
  ["server/create-im-server.ts", { ...serverFloor, ours: [...serverFloor.ours, "adapters/memory/", "adapters/ws/"] }],
  ["server/", serverFloor],
  ["client/platforms/", { ...clientWing, others: ["ws", "idb", "node:"] }],
  ["client/index.", { ...clientWing, others: ["node:"] }],
  ["client/", clientWing],
  [
    "testing/",
    {
      ours: ["testing/", "core/", "adapters/contracts/", "adapters/memory/", "server/", "client/"],
      others: ["node:assert/strict"],
    },
  ],
  ["cli/", { ours: ["cli/", "core/", "adapters/contracts/", "adapters/knex/"], others: ["node:"] }],
  ["index.ts", { ours: ["core/", "server/", "adapters/contracts/", "adapters/memory/", "adapters/ws/"], others: [] }],
];

/** Every import that goes the wrong way, as `file → what it must not import`; empty when the house is in order. */
export function findWrongTurns(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => wrongTurnsOf(file, importsOf(file)));
}

/** Every circle of imports, type imports included, as `a → b → a`; each circle once. */
export function findCircles(files: readonly SourceFile[]): string[] {
  const graph = new Map(files.map((file) => [file.path, importsOf(file).filter((name) => name.startsWith("src/"))]));
  const circles = new Set<string>();
  const done = new Set<string>();
  for (const start of graph.keys()) walk(start, []);
  return [...circles];

  function walk(path: string, trail: readonly string[]): void {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) circles.add([...trail.slice(seenAt), path].join(" → "));
    if (seenAt >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  }
}

function wrongTurnsOf(file: SourceFile, imports: readonly string[]): string[] {
  const zone = zones.find(([start]) => file.path.startsWith(`src/${start}`))?.[1];
  if (zone === undefined)
    return [`${file.path} → belongs to no zone: add it to the table in test/house/import-rules.ts`];
  return imports.filter((name) => !mayImport(zone, name)).map((name) => `${file.path} → ${name}`);
}

function mayImport(zone: Zone, name: string): boolean {
  if (name.startsWith("src/")) return zone.ours.some((start) => name.startsWith(`src/${start}`));
  return zone.others.some((other) => name === other || name.startsWith(other === "node:" ? other : `${other}/`));
}

/** What a file imports or re-exports, statically, dynamically or as a type: our files as `src/….ts`, others by name. */
function importsOf(file: SourceFile): string[] {
  const { importedFiles } = ts.preProcessFile(file.text, true, true);
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith(".") ? posix.join(posix.dirname(file.path), fileName).replace(/\.js$/, ".ts") : fileName,
  );
}
