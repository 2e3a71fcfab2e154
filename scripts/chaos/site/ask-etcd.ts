const REVISIONS = 5;
/** Where they register, as the nodes of a site are told: what follows `/` in order is `0`. */
const NODES = "chaos/";
/** Nobody watches it. */
const KEY = Buffer.from("chaos-filler").toString("base64");

/** Lets etcd live on a while and forget its history until now: who watched from before cannot go on from there. */
export async function compactEtcd(url: string): Promise<void> {
  let revision = "0";
  for (let count = 0; count < REVISIONS; count++) {
    const { header } = await ask<{ header: { revision: string } }>(url, "v3/kv/put", { key: KEY, value: KEY });
    revision = header.revision;
  }
  await ask(url, "v3/kv/compaction", { revision, physical: true });
}

/** How many nodes are registered. */
export async function countNodes(url: string): Promise<number> {
  const [key, end] = [NODES, `${NODES.slice(0, -1)}0`].map((text) => Buffer.from(text).toString("base64"));
  const { count = "0" } = await ask<{ count?: string }>(url, "v3/kv/range", { key, range_end: end, count_only: true });
  return Number(count);
}

async function ask<T>(url: string, path: string, body: object): Promise<T> {
  const request = { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(5_000) };
  const answer = await fetch(new URL(path, url), request);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`etcd answers ${answer.status} to ${path}: ${text.trim()}`);
  return JSON.parse(text) as T;
}
