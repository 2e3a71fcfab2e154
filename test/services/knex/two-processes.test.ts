import { fileURLToPath } from "node:url";
import type { ImMessage } from "shyim/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../e2e/stage.js";
import { withStorage } from "../../e2e/with-storage.js";
import { Program } from "../../examples/run-program.js";
import { DATABASES, type ServerClient, tell } from "./ordeals/databases.js";
import { serverUrl } from "./ordeals/stage.js";
import { ServerPlace } from "./server-place.js";
import { TimedClient } from "./timed-client.js";

const PROGRAM = fileURLToPath(new URL("./server-program.ts", import.meta.url));
const GROUP = "both";
/** Of each of the two, all at once. */
const MESSAGES = 100;
/** Of both together, each when the one before it was shown. */
const REMARKS = 10;
const ITEMS = 2 * MESSAGES + REMARKS;

/** A short poll, and the default. */
const POLLS_MS = [500, 2_000];
/** What a busy machine may add to the poll. */
const MARGIN_MS = 3_000;

describe.each(DATABASES)("two server processes on one %s", (service, client) => {
  const server = serverUrl(service);

  it.skipIf(server === "").each(POLLS_MS)(
    "I4, I8: their clients write to one another and to a group, and all see one order, each once, late by at most the poll of %i ms and what a busy machine adds",
    async (pollHeadsMs) => {
      const place = await openPlace(client, server);
      const open = () => startServer(client, place, pollHeadsMs);
      const [left, right] = await Promise.all([open(), open()]);
      const ada = await TimedClient.connect(left, "ada");
      const bob = await TimedClient.connect(right, "bob");
      const atOnce = await writeAtOnce(ada, bob);
      const inTurns = await writeInTurns(ada, bob);
      tell(`two processes on ${service} with a poll of ${pollHeadsMs} ms, from the ACK here until it is shown there`, {
        ...figures(`of ${atOnce.length} written at once`, atOnce),
        ...figures(`of ${inTurns.length} written in turns`, inTurns),
      });
      for (const seat of [ada, bob]) await eventually(() => seat.shown.length >= ITEMS, "both have seen everything");
      for (const { shown } of [ada, bob]) {
        expect(shown.map(({ seq }) => seq)).toEqual(shown.map((_, index) => index + 1));
        expect(new Set(shown.map(({ messageId }) => messageId)).size).toBe(ITEMS);
      }
      for (const kind of ["single", "group"]) expect(order(ada.shown, kind)).toEqual(order(bob.shown, kind));
      expect(Math.max(...atOnce, ...inTurns)).toBeLessThanOrEqual(pollHeadsMs + MARGIN_MS);
    },
  );
});

/** A database with its schema and the group of both. */
async function openPlace(client: ServerClient, server: string): Promise<ServerPlace> {
  const place = await ServerPlace.create(client, server);
  onTestFinished(() => place.remove());
  await withStorage(place, ({ groups }) =>
    groups.create({ id: GROUP, name: GROUP, ownerId: "ada", memberIds: ["ada", "bob"] }),
  );
  return place;
}

/** Starts a server in a process of its own, which is gone when the test has finished. Resolves with its address. */
async function startServer(client: ServerClient, place: ServerPlace, pollHeadsMs: number): Promise<string> {
  const program = new Program(PROGRAM, [client, place.url, String(pollHeadsMs)]);
  onTestFinished(async () => {
    await program.stop("SIGKILL");
  });
  const [, url = ""] = await program.prints(/^url (\S+)\n/m);
  return url;
}

/** Both write everything at once, half of it to one another, half to the group. Resolves with how late each was shown. */
function writeAtOnce(ada: TimedClient, bob: TimedClient): Promise<number[]> {
  const late = Array.from({ length: MESSAGES }, (_, n) => [
    ada.reach(bob, n % 2 === 0 ? { userId: "bob" } : { groupId: GROUP }, `a${n}`),
    bob.reach(ada, n % 2 === 0 ? { userId: "ada" } : { groupId: GROUP }, `b${n}`),
  ]);
  return Promise.all(late.flat());
}

/** Each answers when it has seen the last remark. Resolves with how late each was shown. */
async function writeInTurns(ada: TimedClient, bob: TimedClient): Promise<number[]> {
  const late: number[] = [];
  for (let n = 0; n < REMARKS; n++) {
    const isAda = n % 2 === 0;
    const to = { userId: isAda ? "bob" : "ada" };
    late.push(await (isAda ? ada.reach(bob, to, `remark ${n}`) : bob.reach(ada, to, `remark ${n}`)));
  }
  return late;
}

function figures(whose: string, late: readonly number[]): Record<string, number> {
  const sorted = [...late].sort((a, b) => a - b).map(Math.round);
  return {
    [`ms in the middle ${whose}`]: sorted[Math.floor(sorted.length / 2)] ?? 0,
    [`ms at most ${whose}`]: sorted.at(-1) ?? 0,
  };
}

const order = (shown: readonly ImMessage[], kind: string) =>
  shown.filter(({ conversation }) => conversation.kind === kind).map(({ text }) => text);
