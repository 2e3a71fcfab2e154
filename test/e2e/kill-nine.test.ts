import { isDeepStrictEqual } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import type { Storage } from "../../src/adapters/contracts/index.js";
import type { Recipient } from "../../src/core/recipient.js";
import { SeededRandom } from "../../src/testing/fakes/random.js";
import { changedLetters, idsFor, readInboxes, textOf } from "./inboxes.js";
import { changedAnswers } from "./letter-repeats.js";
import { MortalServer } from "./mortal-server.js";
import { Repeater } from "./repeater.js";
import { readSqliteFile } from "./sqlite-file.js";
import { eventually, upTo } from "./stage.js";
import { withStorage } from "./with-storage.js";
import { everybodyIsBack, killAfter, type Wound } from "./wound.js";
import { type Letter, Writer } from "./writer.js";

const SEED = 9;
const KILLS = 20;
/** Kills that must have hit letters without an answer, or the run proves nothing. */
const ENOUGH = 15;
/** Unacknowledged letters of each writer at any time: more than a connection's window takes. */
const WIDTH = 40;
const NAMES = ["ada", "bob", "cid", "dan"];
const EVERYBODY = [...NAMES, "eve"];
const GROUP = "crew";
const RECIPIENTS: readonly Recipient[] = [...NAMES.map((userId) => ({ userId })), { groupId: GROUP }];

/** Starts the server and kills it again and again while everybody writes: when the first are back, or when all are. */
async function killAgainAndAgain(server: MortalServer, writers: readonly Writer[], eve: Repeater): Promise<Wound[]> {
  const random = new SeededRandom(SEED);
  const wounds: Wound[] = [];
  for (const kill of upTo(KILLS)) {
    await server.start();
    eve.visit(server.port, random.between(1, 8));
    if (kill % 2 === 1) await everybodyIsBack(writers);
    wounds.push(await killAfter(random.between(1, 60), server, writers));
  }
  return wounds;
}

/** Everybody writes through all the kills; resolves when every letter is acknowledged and everything is shown. */
async function writeThroughKills(server: MortalServer, writers: readonly Writer[], eve: Repeater): Promise<Wound[]> {
  let isOver = false;
  const writing = writers.map((writer) => writer.keepWriting(WIDTH, RECIPIENTS, () => isOver));
  for (const { client } of writers) void client.connect();
  const wounds = await killAgainAndAgain(server, writers, eve);
  isOver = true;
  await server.start();
  eve.visit(server.port, 1);
  await Promise.all([...writing, eve.answered()]);
  const letters = lettersOf(writers, eve);
  const hasAll = ({ userId, shown }: Writer) => shown.length >= idsFor(userId, letters, EVERYBODY).length;
  await eventually(() => writers.every(hasAll), "everybody has seen everything");
  return wounds;
}

const lettersOf = (writers: readonly Writer[], eve: Repeater): Letter[] => [
  ...writers.flatMap(({ letters }) => letters),
  ...eve.letters,
];

/** Most kills hit letters under way, some between commit and ACK; none has taken anything that was acknowledged. */
function expectWounds(wounds: readonly Wound[]): void {
  expect(wounds.filter(({ unanswered }) => unanswered > 0).length).toBeGreaterThanOrEqual(ENOUGH);
  expect(wounds.some(({ storedUnanswered }) => storedUnanswered > 0)).toBe(true);
  expect(wounds.filter(({ integrity, lost }) => integrity !== "ok" || lost > 0)).toEqual([]);
}

/** Every letter is once in every inbox and on every screen it belongs to, where its sender was told, and nothing else is. */
async function expectOneTruth(storage: Storage, writers: readonly Writer[], letters: readonly Letter[]): Promise<void> {
  const inboxes = await readInboxes(storage, EVERYBODY);
  expect(changedLetters(letters, inboxes)).toEqual([]);
  for (const [userId, items] of inboxes) {
    expect(items.map(({ message }) => message.messageId).sort()).toEqual(idsFor(userId, letters, EVERYBODY));
  }
  for (const { userId, shown } of writers) {
    const stored = inboxes.get(userId) ?? [];
    expect(shown.map(({ seq }) => seq)).toEqual(upTo(stored.length));
    expect(shown.map(({ messageId, text }) => `${messageId} ${text}`)).toEqual(
      stored.map((item) => `${item.message.messageId} ${textOf(item)}`),
    );
  }
  expect(await changedAnswers(storage, letters)).toEqual([]);
  expect(isDeepStrictEqual(await readInboxes(storage, EVERYBODY), inboxes)).toBe(true);
}

it("I1, I2: kill -9 of a writing server 20 times loses, doubles and changes nothing that was acknowledged", async () => {
  const server = await MortalServer.create();
  onTestFinished(() => server.dispose());
  await withStorage(server.place, ({ groups }) =>
    groups.create({ id: GROUP, name: GROUP, ownerId: "ada", memberIds: EVERYBODY }),
  );
  const writers = NAMES.map((userId) => new Writer(userId, server.port));
  const eve = new Repeater("eve", "ada");
  const wounds = await writeThroughKills(server, writers, eve);
  await Promise.all(writers.map(({ client }) => client.close()));
  eve.leave();
  expect((await server.stop())?.exitCode).toBe(0);

  expectWounds(wounds);
  expect(eve.repeats).toBeGreaterThan(0);
  expect(eve.changedAnswers).toEqual([]);
  await withStorage(server.place, (storage) => expectOneTruth(storage, writers, lettersOf(writers, eve)));
  expect(readSqliteFile(server.place.filename).integrity).toBe("ok");
}, 120_000);
