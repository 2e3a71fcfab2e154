import { describe, expect, it } from "vitest";
import type { OpenSession } from "../../../src/server/auth.js";
import { Recheck, type RecheckServices } from "../../../src/server/connections/recheck.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";

interface FakeConnection {
  readonly session: { readonly userId: string; issuedAt: number };
  closed: number | null;
}

/** Sessions of some users, asked about on virtual time. */
class RecheckBench {
  readonly time = new VirtualTime();
  readonly asked: (readonly OpenSession[])[] = [];
  readonly failures: unknown[] = [];
  readonly recheck: Recheck;
  readonly #connections: FakeConnection[] = [];
  /** Tokens from before count no more. */
  revokedBefore = 0;
  /** What happens between question and answer. */
  meanwhile: () => void = () => {};
  error: Error | null = null;

  constructor() {
    const runtime = new VirtualRuntime(this.time);
    const ofUser = (userId: string) => new Set(this.#connections.filter((one) => one.session.userId === userId));
    const users = () => [...new Set(this.#connections.map(({ session }) => session.userId))];
    const services = {
      auth: { authenticate: () => null, recheck: (sessions: readonly OpenSession[]) => this.#answer(sessions) },
      table: { ofUser, users },
      deadlines: { within: (_: string, call: () => unknown) => call() },
      report: (_: string, error: unknown) => void this.failures.push(error),
      runtime,
    };
    this.recheck = new Recheck(services as unknown as RecheckServices);
  }

  enter(userId: string, issuedAt: number): FakeConnection {
    const connection: FakeConnection & { end(code: number): void } = {
      session: { userId, issuedAt },
      closed: null,
      end: (code) => {
        connection.closed = code;
      },
    };
    this.#connections.push(connection);
    return connection;
  }

  run(ms = 0): Promise<void> {
    return this.time.advance(ms);
  }

  async #answer(sessions: readonly OpenSession[]): Promise<boolean[]> {
    this.asked.push(sessions);
    if (this.error !== null) throw this.error;
    const answers = sessions.map(({ issuedAt = 0 }) => issuedAt >= this.revokedBefore);
    this.meanwhile();
    return answers;
  }
}

function openBench(): RecheckBench {
  const bench = new RecheckBench();
  bench.recheck.start();
  return bench;
}

describe("S12: a user whose tokens may have been revoked", () => {
  it("is asked about at once and alone; sessions with tokens from before end, those with later ones stay", async () => {
    const bench = openBench();
    const [old, fresh, bob] = [bench.enter("ann", 1), bench.enter("ann", 9), bench.enter("bob", 1)];
    bench.revokedBefore = 5;
    bench.recheck.user("ann");
    await bench.run();
    expect(bench.asked).toEqual([
      [
        { userId: "ann", issuedAt: 1 },
        { userId: "ann", issuedAt: 9 },
      ],
    ]);
    expect([old, fresh, bob].map(({ closed }) => closed)).toEqual([4401, null, null]);
  });

  it("costs no question where the user is not, nor after the end", async () => {
    const bench = openBench();
    bench.enter("bob", 1);
    bench.recheck.user("ann");
    bench.recheck.stop();
    bench.recheck.user("bob");
    await bench.run();
    expect(bench.asked).toEqual([]);
  });

  it("is asked about once when told of often, together with others", async () => {
    const bench = openBench();
    for (const userId of ["ann", "bob"]) bench.enter(userId, 1);
    for (let n = 0; n < 100; n++) for (const userId of ["ann", "bob"]) bench.recheck.user(userId);
    await bench.run();
    expect(bench.asked.map((sessions) => sessions.length)).toEqual([2]);
  });

  it("is asked about again when told of while the answer is on its way, which may be from before", async () => {
    const bench = openBench();
    const ann = bench.enter("ann", 1);
    bench.meanwhile = () => {
      bench.meanwhile = () => {};
      bench.revokedBefore = 5;
      bench.recheck.user("ann");
    };
    bench.recheck.user("ann");
    await bench.run();
    expect(ann.closed).toBe(4401);
  });

  it("is asked about again when another token came meanwhile, which may be revoked as well", async () => {
    const bench = openBench();
    const ann = bench.enter("ann", 1);
    bench.revokedBefore = 5;
    bench.meanwhile = () => {
      ann.session.issuedAt = 2;
      bench.meanwhile = () => {};
    };
    bench.recheck.user("ann");
    await bench.run();
    expect(ann.closed).toBe(4401);
  });

  it("is asked about with everybody else within a minute when nobody can tell just now", async () => {
    const bench = openBench();
    const ann = bench.enter("ann", 1);
    bench.revokedBefore = 5;
    bench.error = new Error("away");
    bench.recheck.user("ann");
    await bench.run(1_000);
    bench.error = null;
    expect([bench.failures.length, ann.closed]).toEqual([1, null]);
    await bench.run(60_000);
    expect(ann.closed).toBe(4401);
  });
});
