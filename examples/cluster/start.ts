/**
 * A cluster of three nodes, and two people in it: `npm run example:cluster`. Each node is a process of its own; MariaDB, Redis,
 * etcd and Kafka are those of `npm run services`. One node is killed in the middle of a conversation. With `-- --stay` the nodes
 * stay up, for clients of yours.
 */
import { type Engines, openEngines } from "./engines.js";
import { NodeProcess } from "./node-process.js";
import { playScene } from "./scene.js";
import { onStopSignal } from "./stop-signal.js";
import { wordsOf } from "./words-of.js";

const tell = (error: unknown): void => console.error(wordsOf(error));
const ENDED = "The nodes have drained and ended; their database and their topics are gone.";
const isStaying = process.argv.includes("--stay");
const nodes: NodeProcess[] = [];
let engines: Engines | null = null;

onStopSignal(async () => {
  await cleanUp();
  console.log(ENDED);
}, tell);
try {
  engines = await openEngines();
  console.log(`What the nodes share:\n${engines.lines.map((line) => `  ${line}`).join("\n")}\n`);
  await startNodes(engines.environment);
  console.log(`Three nodes:\n${nodes.map(({ name, url }) => `  node ${name}  ${url}`).join("\n")}\n`);
  process.exitCode = isStaying ? await stay() : await playScene(nodes);
  await cleanUp();
  console.log(ENDED);
  process.exit();
} catch (error) {
  tell(error);
  await cleanUp().catch(tell);
  process.exit(1);
}

/** The first one makes the tables; the others find them. */
async function startNodes(environment: Readonly<Record<string, string>>): Promise<void> {
  nodes.push(await NodeProcess.start("A", environment));
  nodes.push(...(await Promise.all(["B", "C"].map((name) => NodeProcess.start(name, environment)))));
}

/** Until somebody asks them to end. */
async function stay(): Promise<number> {
  for (const { name, httpUrl } of nodes) console.log(`  node ${name}  ${httpUrl}/health  ${httpUrl}/openapi.json`);
  console.log("\nSign up with POST /register at any of them, sign in at any other one. Ctrl-C ends them.");
  return new Promise(() => setInterval(() => {}, 1_000_000));
}

/** Ends everything that was started and takes away what was made. */
async function cleanUp(): Promise<void> {
  const codes = await Promise.all(nodes.map((node) => node.stop()));
  if (codes.some((code) => code !== 0 && code !== null)) process.exitCode = 1;
  await engines?.clear();
}
