import { fileURLToPath } from "node:url";
import { Program, type ProgramEnd } from "../examples/run-program.js";

const PROGRAM = fileURLToPath(new URL("./sqlite-server.ts", import.meta.url));

/** `sqlite-server.ts` in a process of its own. */
export class ServerProcess {
  readonly #program: Program;
  readonly #pid: number;
  #hasEnded = false;

  private constructor(program: Program, pid: number) {
    this.#program = program;
    this.#pid = pid;
    void program.ended.then(() => {
      this.#hasEnded = true;
    });
  }

  /** Starts it; it has everything in memory and has opened nothing. */
  static async load(filename: string): Promise<ServerProcess> {
    const program = new Program(PROGRAM, [filename]);
    const [, pid] = await program.prints(/^pid (\d+)\n/m);
    return new ServerProcess(program, Number(pid));
  }

  /** Opens the file and listens; resolves with the port. */
  async listen(): Promise<number> {
    this.#program.type("listen");
    const [, port] = await this.#program.prints(/^port (\d+)\n/m);
    return Number(port);
  }

  /** `kill -9` in this very moment; resolves when it is gone. Harmless when it is. */
  kill(): Promise<ProgramEnd> {
    if (!this.#hasEnded) process.kill(this.#pid, "SIGKILL");
    return this.#program.ended;
  }

  /** Asks it to close. */
  stop(): Promise<ProgramEnd> {
    return this.#program.stop();
  }
}
