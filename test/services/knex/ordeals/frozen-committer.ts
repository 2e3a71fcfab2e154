import { createInterface } from "node:readline";
import knexPackage from "knex";
import type { Uplink } from "../../../../src/adapters/contracts/index.js";
import { type KnexStorage, knexStorage } from "../../../../src/adapters/knex/index.js";
import { isImError } from "../../../../src/core/errors.js";
import type { ServerClient } from "./databases.js";
import { parseUplink } from "./uplink-line.js";

/**
 * A node in a process of its own that stops itself, as by SIGSTOP from outside, in the middle of its first commit: when the
 * first statement that begins so is to be sent.
 *
 *     node --import tsx frozen-committer.ts CLIENT URL BEGINNING      prints `pid N` when it is ready
 *
 * A line it reads is a batch to be committed. It prints what became of it: `failed CODE`, `stored RECEIPT` or `found RECEIPT`.
 */
const [client, connection = "", beginning = ""] = process.argv.slice(2);

function stopAtFirst(start: string): void {
  const { query } = knexPackage.Client.prototype;
  let hasStopped = false;
  knexPackage.Client.prototype.query = function (this: unknown, on: unknown, statement: { readonly sql?: string }) {
    if (!hasStopped && statement.sql?.startsWith(start)) {
      hasStopped = true;
      process.stdout.write("stopping\n");
      process.kill(process.pid, "SIGSTOP");
    }
    return query.call(this, on, statement);
  };
}

async function commit(storage: KnexStorage, uplink: Uplink): Promise<string> {
  try {
    const [outcome] = (await storage.messages.commit([uplink])).outcomes;
    if (outcome?.kind !== "stored") return `failed ${outcome?.kind}`;
    return `${outcome.fresh === null ? "found" : "stored"} ${JSON.stringify(outcome.receipt)}`;
  } catch (error) {
    return `failed ${isImError(error) ? error.code : String(error)}`;
  }
}

stopAtFirst(beginning);
const storage = knexStorage({ client: client as ServerClient, connection });
await storage.start();
process.stdout.write(`pid ${process.pid}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await commit(storage, parseUplink(line))}\n`);
}
await storage.close();
