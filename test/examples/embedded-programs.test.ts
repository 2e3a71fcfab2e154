import { expect, it } from "vitest";
import { Program } from "./run-program.js";

it.each(["express", "fastify"])(
  "D1: the %s example starts as a program and leaves in good order on SIGTERM",
  async (name) => {
    const program = new Program(`examples/embed-${name}/index.ts`, [], { PORT: "0", NODE_ENV: "production" });
    const [, url = ""] = await program.prints(/the application: (\S+)/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const { exitCode, errors } = await program.stop();
    expect(errors).toBe("");
    expect(exitCode).toBe(0);
  },
);
