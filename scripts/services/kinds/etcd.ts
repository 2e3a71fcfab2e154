import { theProgram } from "../find-program.js";
import type { Place } from "../place.js";
import type { Service } from "../service.js";

/** etcd of Debian, a cluster of one, on a port of one's own and the next one. */
export function etcdOn(port: number): Service {
  return {
    name: "etcd",
    variable: "SHYIM_TEST_ETCD_URL",
    greet,
    recipe: {
      url: urlOf(port),
      ports: [port, port + 1],
      packages: ["etcd-server", "etcd-client"],
      programs: ["etcd"],
      user: "etcd",
      initialise: async () => {},
      daemons: (place) => [{ words: command(place, port), mark: `--data-dir ${place.data}`, endSignal: "SIGTERM" }],
    },
  };
}

/** etcd, where the tests look for it. */
export const etcd: Service = etcdOn(12379);

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function greet(url: string): Promise<string> {
  const { health } = await ask<{ health: string }>(url, "health");
  if (health !== "true") throw new Error(`its health is ${health}`);
  return `etcd ${(await ask<{ etcdserver: string }>(url, "version")).etcdserver}`;
}

function command({ data }: Place, port: number): string[] {
  const [forClients, forPeers] = [urlOf(port), urlOf(port + 1)];
  const clients = ["--listen-client-urls", forClients, "--advertise-client-urls", forClients];
  const peers = ["--listen-peer-urls", forPeers, "--initial-advertise-peer-urls", forPeers];
  return [theProgram("etcd"), "--data-dir", data, ...clients, ...peers, "--initial-cluster", `default=${forPeers}`];
}

async function ask<T>(url: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(2_000) });
  return (await response.json()) as T;
}
