import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SqlitePlace } from "../adapters/knex/sqlite-place.js";

const PROGRAM = fileURLToPath(new URL("./dying-application.ts", import.meta.url));

/** More statements than a send takes; who is not dead by then has come to the end. */
const MAX_STATEMENTS = 60;

/** Runs the program until it dies or ends. */
async function run(filename: string, fatal: number): Promise<"killed" | "survived"> {
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, filename, String(fatal)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (bytes) => (output += bytes));
  const [code, signal] = await once(child, "close");
  if (signal === "SIGKILL") return "killed";
  expect([code, output.trim()]).toEqual([0, "survived"]);
  return "survived";
}

/** What the file holds once everything that waits was delivered: orders, and messages in bob's inbox. */
async function inspect(
  place: SqlitePlace,
): Promise<{ orders: number; waiting: number; messages: number; check: string }> {
  const storage = place.storage();
  await storage.start();
  let waiting = 0;
  while ((await storage.pendingSends.commit({ maxUplinks: 10 })) !== null) waiting++;
  const { items } = await storage.messages.readInbox("bob", 0, { maxItems: 10, maxBytes: 10_000 });
  await storage.close();
  const knex = place.knex();
  const orders = (await knex("orders")).length;
  const [{ integrity_check: check }] = await knex.raw("pragma integrity_check");
  await knex.destroy();
  return { orders, waiting, messages: items.length, check };
}

describe("a send within a transaction", () => {
  it("I2, I3: killed between any two steps there is the row if and only if there is the message", async () => {
    const seen: { orders: number; waiting: number }[] = [];
    for (let fatal = 1; ; fatal++) {
      expect(fatal, "the program comes to its end").toBeLessThan(MAX_STATEMENTS);
      const place = await SqlitePlace.create();
      try {
        const end = await run(place.filename, fatal);
        const { orders, waiting, messages, check } = await inspect(place);
        expect({ fatal, messages, check }).toEqual({ fatal, messages: orders, check: "ok" });
        seen.push({ orders, waiting });
        if (end === "survived") break;
      } finally {
        await place.remove();
      }
    }
    // It died before the commit, between commit and delivery, and after the delivery.
    expect(seen).toContainEqual({ orders: 0, waiting: 0 });
    expect(seen).toContainEqual({ orders: 1, waiting: 1 });
    expect(seen).toContainEqual({ orders: 1, waiting: 0 });
  }, 180_000);
});
