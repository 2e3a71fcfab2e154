import { duration } from "./print-storm.js";

/** Without a terminal a line is said so often, ms. */
const SAY_EVERY_MS = 5_000;
const DRAW_EVERY_MS = 250;

/** Where it is shown. */
export interface ProgressScreen {
  /** It has lines that can be written over. */
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** What is known just now. */
export interface ProgressState {
  readonly elapsedMs: number;
  readonly endsAtMs: number;
  readonly acked: number;
  readonly shown: number;
  readonly online: number;
  readonly clients: number;
  readonly faults: readonly string[];
}

/** Says how things are while they go on: a line that is drawn again and again, or a new one every few seconds. */
export class ProgressLine {
  readonly #screen: ProgressScreen;
  readonly #look: () => ProgressState;
  readonly #timer: NodeJS.Timeout;

  constructor(screen: ProgressScreen, look: () => ProgressState) {
    this.#screen = screen;
    this.#look = look;
    this.#timer = setInterval(() => this.#draw(), screen.isTTY ? DRAW_EVERY_MS : SAY_EVERY_MS);
  }

  /** A line that stays. */
  say(line: string): void {
    this.#screen.write(this.#screen.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#screen.isTTY) this.#screen.write("\r\x1b[K");
  }

  #draw(): void {
    const line = progressText(this.#look());
    if (!this.#screen.isTTY) return this.#screen.write(`${line}\n`);
    this.#screen.write(`\r\x1b[K${line.slice(0, this.#screen.columns - 1)}`);
  }
}

/** The line itself. */
export function progressText(state: ProgressState): string {
  const { elapsedMs, endsAtMs, acked, shown, online, clients, faults } = state;
  const time = `${(elapsedMs / 1_000).toFixed(0).padStart(4)} of ${duration(Math.max(endsAtMs, 10_000))}`;
  const counts = `${acked.toLocaleString("en").padStart(7)} ACKed ${shown.toLocaleString("en").padStart(8)} shown`;
  const people = `${String(online).padStart(String(clients).length)}/${clients} online`;
  return `${time}  ${counts}  ${people}  ${faults.length === 0 ? "fair" : faults.join(", ")}`;
}
