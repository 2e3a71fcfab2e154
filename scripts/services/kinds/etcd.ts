import { theProgram } from "../find-program.js";
import type { Place } from "../place.js";
import type { Service } from "../service.js";

const CLIENTS = "http://127.0.0.1:12379";
const PEERS = "http://127.0.0.1:12380";

/** etcd of Debian, a cluster of one. */
export const etcd: Service = {
  name: "etcd",
  variable: "SHYIM_TEST_ETCD_URL",
  greet: async (url) => {
    const { health } = await ask<{ health: string }>(url, "health");
    if (health !== "true") throw new Error(`its health is ${health}`);
    return `etcd ${(await ask<{ etcdserver: string }>(url, "version")).etcdserver}`;
  },
  recipe: {
    url: CLIENTS,
    ports: [12379, 12380],
    packages: ["etcd-server", "etcd-client"],
    programs: ["etcd"],
    user: "etcd",
    initialise: async () => {},
    daemons: (place) => [{ words: command(place), mark: `--data-dir ${place.data}`, endSignal: "SIGTERM" }],
  },
};

function command({ data }: Place): string[] {
  const clients = ["--listen-client-urls", CLIENTS, "--advertise-client-urls", CLIENTS];
  const peers = ["--listen-peer-urls", PEERS, "--initial-advertise-peer-urls", PEERS];
  return [theProgram("etcd"), "--data-dir", data, ...clients, ...peers, "--initial-cluster", `default=${PEERS}`];
}

async function ask<T>(url: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(2_000) });
  return (await response.json()) as T;
}
