import type { FrontTarget } from "./front.js";

const EVERY_MS = 250;
/** One that takes longer to say so is not ready. */
const WITHIN_MS = 1_000;

/** Asks each node four times a second whether it is ready, as a load balancer does. */
export class ReadyWatch {
  readonly #targets: readonly FrontTarget[];
  readonly #ready = new Set<string>();
  readonly #asked = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(targets: readonly FrontTarget[]) {
    this.#targets = targets;
  }

  start(): void {
    const askAll = (): void => {
      for (const target of this.#targets) void this.#ask(target);
    };
    askAll();
    this.#timer = setInterval(askAll, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What it said last. */
  isReady(name: string): boolean {
    return this.#ready.has(name);
  }

  async #ask({ name, port }: FrontTarget): Promise<void> {
    if (this.#asked.has(name)) return;
    this.#asked.add(name);
    if (await saysReady(port)) this.#ready.add(name);
    else this.#ready.delete(name);
    this.#asked.delete(name);
  }
}

async function saysReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(WITHIN_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
