import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Receipt } from "../../../../src/adapters/contracts/index.js";
import { Program } from "../../../examples/run-program.js";
import { Crowd } from "./crowd.js";
import { DATABASES, tell } from "./databases.js";
import { CLEAN } from "./ledger.js";
import { Load } from "./load.js";
import { Stage, serverUrl } from "./stage.js";
import { printUplink } from "./uplink-line.js";

const PROGRAM = fileURLToPath(new URL("./frozen-committer.ts", import.meta.url));
const COMMITTERS = 4;
/** Somebody else's commit is through after so long at the latest. */
const HELD_AT_MOST_MS = 6_000;
/** Less, and nothing was held. */
const HELD_AT_LEAST_MS = 1_000;

/** Where it stops, and the statement it does not send any more. */
const MOMENTS = [
  ["with the conversation locked and nothing written", "insert into shyim_inbox_head "],
  ["with all locked and the heads raised", "insert into shyim_message "],
] as const;

describe.each(DATABASES)("a node stopped inside its commit on %s", (service, client) => {
  const url = serverUrl(service);

  it.skipIf(url === "").each(MOMENTS)(
    "I2, I4: %s, holds the others up for some seconds only; its transaction counts for nothing, and what it brings again is stored once",
    async (moment, beginning) => {
      const crowd = new Crowd(5);
      const stage = await Stage.open(client, url, { nodes: 2, crowd });
      const load = new Load({ crowd, nodes: stage.nodes, committers: COMMITTERS });
      // Everybody's inbox has something, and every conversation has its row.
      await load.commit(stage.node(0), [...crowd.batch(40), crowd.toAll()]);

      const frozen = new Program(PROGRAM, [client, stage.place.url, beginning]);
      onTestFinished(() => void frozen.stop("SIGKILL"));
      const [, pid] = await frozen.prints(/^pid (\d+)\n/m);
      const late = crowd.toAll();
      frozen.type(printUplink(late));
      await frozen.prints(/^stopping\n/m);

      const waits = await Promise.all(Array.from({ length: COMMITTERS }, (_, index) => waitOf(load, stage, index)));
      expect(await load.ledger.judge(stage.node(0))).toEqual(CLEAN);
      process.kill(Number(pid), "SIGCONT");
      const [, code] = await frozen.prints(/^failed (\w+)\n/m);
      frozen.type(printUplink(late));
      const [, receipt = ""] = await frozen.prints(/^stored (.*)\n/m);
      load.ledger.note(late, { kind: "stored", receipt: JSON.parse(receipt) as Receipt, fresh: null });
      frozen.endInput();
      expect((await frozen.ended).exitCode).toBe(0);

      await load.ledger.repeat(stage.node(1), 50, crowd.random);
      tell(`node stopped ${moment} on ${service}`, {
        "ms until the first of the others was through": Math.min(...waits),
        "ms until the last was": Math.max(...waits),
        "was the answer to the late commit": String(code),
      });
      expect(await load.ledger.judge(stage.node(0))).toEqual(CLEAN);
      expect(["unavailable", "busy"]).toContain(code);
      expect(Math.min(...waits)).toBeGreaterThan(HELD_AT_LEAST_MS);
      expect(Math.max(...waits)).toBeLessThan(HELD_AT_MOST_MS);
    },
    60_000,
  );
});

/** How long somebody waits until a message to all is committed, ms. */
async function waitOf(load: Load, stage: Stage, index: number): Promise<number> {
  const from = performance.now();
  await load.commit(stage.node(index), [stage.crowd.toAll()]);
  return Math.round(performance.now() - from);
}
