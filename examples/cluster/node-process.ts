import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./node.ts", import.meta.url));

/** A node in a process of its own, and where it serves. */
export class NodeProcess {
  readonly name: string;
  /** `ws://127.0.0.1:40001/ws` */
  readonly url: string;
  /** `http://127.0.0.1:40001` */
  readonly httpUrl: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  private constructor(name: string, child: ChildProcess, { url, httpUrl }: { url: string; httpUrl: string }) {
    this.name = name;
    this.url = url;
    this.httpUrl = httpUrl;
    this.#child = child;
    this.#ended = endOf(child);
  }

  /** Starts one on free ports of this machine. Rejects when it ends before it serves; what was wrong it has said on stderr. */
  static async start(name: string, environment: Readonly<Record<string, string>>): Promise<NodeProcess> {
    const env = { ...withoutSettings(process.env), SHYIM_PORT: "0", SHYIM_RPC_PORT: "0", ...environment };
    // In a group of its own: a Ctrl-C in the terminal is for whoever started it, who then stops it.
    const child = fork(PROGRAM, {
      env: { ...env, SHYIM_NODE_ID: name },
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", passOn);
    const serving = once(child, "message") as Promise<[{ url: string; httpUrl: string }]>;
    const ended = endOf(child).then((code) => {
      throw new Error(`node ${name} ended with ${code} before it served`);
    });
    const [places] = await Promise.race([serving, ended]);
    ended.catch(() => {});
    return new NodeProcess(name, child, places);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** `kill -9`: no goodbye. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** SIGTERM; resolves with the exit code when it has drained and ended. */
  async stop(): Promise<number | null> {
    if (!this.hasEnded) this.#child.kill("SIGTERM");
    return this.#ended;
  }

  /** What `GET /health` says. */
  async health(): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`${this.httpUrl}/health`);
    return (await response.json()) as Record<string, unknown>;
  }
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

/** That a node misses another one, or waits for its share of the queue, is part of the scene, and is seen in its health. */
function passOn(line: string): void {
  if (!line.includes('"level":"warn"')) console.error(line);
}

/** What this shell has set for other nodes is not meant for these. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("SHYIM_")));
}
