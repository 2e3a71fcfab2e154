import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program } from "../examples/run-program.js";

const PROGRAM = "test/browser/chat-process.ts";

/** The example's server in a process of its own, which can be killed and started again: same port, same data. */
export class ChatServer {
  readonly #folder: string;
  #program: Program | null = null;
  #port = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** A server on an empty folder, started. */
  static async open(): Promise<ChatServer> {
    const server = new ChatServer(await mkdtemp(join(tmpdir(), "shyim-browser-")));
    await server.start();
    return server;
  }

  /** Stays the same from the first start on. */
  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    this.#program = new Program(PROGRAM, [this.#folder, String(this.#port)]);
    const [, port] = await this.#program.prints(/^port (\d+)\n/m);
    this.#port = Number(port);
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#program?.stop("SIGKILL");
  }

  /** Calls the HTTP API; resolves with `data` of the answer. Rejects when the answer is not 200. */
  call(path: string, body: object, token?: string): Promise<Record<string, unknown>> {
    return this.#request(path, token, { method: "POST", body: JSON.stringify(body) });
  }

  /** The same for what is only read. */
  get(path: string, token: string): Promise<Record<string, unknown>> {
    return this.#request(path, token, { method: "GET" });
  }

  async #request(path: string, token: string | undefined, request: RequestInit): Promise<Record<string, unknown>> {
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { "content-type": "application/json", ...authorization };
    const response = await fetch(`http://127.0.0.1:${this.#port}/api${path}`, { ...request, headers });
    const { data, msg } = (await response.json()) as { data: Record<string, unknown>; msg: string };
    if (!response.ok) throw new Error(`${request.method} ${path} was answered ${response.status}: ${msg}`);
    return data;
  }

  /** Leaves no process and no file behind. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
