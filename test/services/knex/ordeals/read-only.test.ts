import { expect, it } from "vitest";
import { isTransient } from "../../../../src/core/errors.js";
import { eventually } from "../../../e2e/stage.js";
import { Crowd, USERS } from "./crowd.js";
import { rowsOf, type ServerClient, tell } from "./databases.js";
import { CLEAN } from "./ledger.js";
import { Load } from "./load.js";
import { describeOnPrivate } from "./private-stage.js";
import { Stage } from "./stage.js";

const COMMITTERS = 6;
const RECOVERY_MS = 5_000;
/** Not an administrator: those may write to MariaDB all the same. PostgreSQL makes no difference. */
const USER = { mysql2: "application", pg: "postgres" } as const;

const PREPARE = {
  mysql2: ["create user application@'127.0.0.1'", "grant all on `shyim\\_%`.* to application@'127.0.0.1'"],
  pg: [],
} as const;
const READ_ONLY = {
  mysql2: ["set global read_only = 1"],
  pg: ["alter system set default_transaction_read_only = on", "select pg_reload_conf()"],
} as const;
const WRITABLE = {
  mysql2: ["set global read_only = 0"],
  pg: [
    "set default_transaction_read_only = off",
    "alter system reset default_transaction_read_only",
    "select pg_reload_conf()",
  ],
} as const;

describeOnPrivate("a read-only phase of", [23318, 25444], ({ service, client, open }) => {
  it("I1, I10: nothing is refused for good, everything can be read, and afterwards the same batches commit", async () => {
    const { url } = await open();
    const crowd = new Crowd(1);
    const stage = await openStage(client, url, crowd);
    const load = new Load({ crowd, nodes: stage.nodes, committers: COMMITTERS });
    let isOver = false;
    const committing = load.run(() => isOver);
    await Promise.race([eventually(() => load.commits >= 50, "there is a load"), committing]);

    for (const statement of READ_ONLY[client]) await stage.knex.raw(statement);
    await everybodyFails(load);
    const { commits } = load;
    const unwanted = { ...crowd.uplink(), refuse: "blocked" as const };
    const refusal = stage.node(0).messages.commit([unwanted]);
    await expect(refusal).rejects.toSatisfy(isTransient);
    // By this a server knows that it is not ready, though every question is answered.
    await expect(stage.node(0).probe()).rejects.toMatchObject({ code: "unavailable" });
    for (const userId of USERS) {
      const page = await stage.node(1).messages.readInbox(userId, 0, { maxItems: 10, maxBytes: 1_000_000 });
      expect(page.items.length).toBe(Math.min(10, page.headSeq));
    }
    await everybodyFails(load);
    expect(load.commits).toBe(commits);
    expect((await rowsOf(stage.knex, client, "select id from shyim_refusal")).length).toBe(0);

    for (const statement of WRITABLE[client]) await stage.knex.raw(statement);
    const recovery = await load.allAnswered();
    await stage.node(0).probe();
    isOver = true;
    await committing;
    const [outcome] = (await stage.node(0).messages.commit([unwanted])).outcomes;
    expect(outcome).toEqual({ kind: "refused", code: "blocked" });
    tell(`read-only phase of ${service}`, {
      commits: load.commits,
      ACKs: load.ledger.acked,
      "errors a committer saw": load.troublesByCode,
      "ms until the last committer went on": recovery,
    });
    expect(await load.ledger.judge(stage.node(0))).toEqual(CLEAN);
    expect(recovery).toBeLessThan(RECOVERY_MS);
  });
});

async function openStage(client: ServerClient, url: string, crowd: Crowd): Promise<Stage> {
  const administrator = Stage.knexOn(client, url);
  for (const statement of PREPARE[client]) await administrator.raw(statement);
  return Stage.open(client, url, { nodes: 2, crowd, user: USER[client] });
}

/** Resolves when each committer has been turned away, again, for sure. */
async function everybodyFails(load: Load): Promise<void> {
  const enough = load.troubles + 3 * COMMITTERS;
  await eventually(() => load.troubles >= enough, "the committers are turned away");
}
