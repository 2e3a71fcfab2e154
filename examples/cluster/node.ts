/**
 * One node of a cluster: `npx tsx examples/cluster/node.ts`. Its settings come from the environment and from the YAML file that
 * `SHYIM_CONFIG` names; docs/cluster.md lists them. SIGTERM drains it.
 */
import { readConfig } from "./read-config.js";
import { serveNode } from "./serve-node.js";
import { onStopSignal } from "./stop-signal.js";
import { wordsOf } from "./words-of.js";

const tell = (error: unknown): void => console.error(wordsOf(error));

try {
  const config = readConfig(process.env);
  const starting = serveNode(config);
  onStopSignal(async () => (await starting).stop(), tell);
  const { url, httpUrl } = await starting;
  console.log(`node ${config.nodeId ?? process.pid} serves ${url}, health ${httpUrl}/health`);
  if (process.connected) process.send?.({ kind: "serving", url, httpUrl });
} catch (error) {
  tell(error);
  process.exit(1);
}
