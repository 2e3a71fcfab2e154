import { describe, expect } from "vitest";
import type { Person } from "./person.js";
import { browserTest } from "./stage.js";
import { until } from "./until.js";

const NOTES = 24;
/** The server is killed when one of them has seen so many of the other's notes. */
const KILL_AT = [3, 9, 15];

describe("kill -9", () => {
  browserTest(
    "I1, I2: of the server, again and again while two write, loses and doubles nothing on either screen, nor after loading again",
    async (stage) => {
      const [ada, bob] = await stage.pair();
      const writing = [ada, bob].map((person) => writeAll(person));
      for (const count of KILL_AT) {
        await until(
          `Ada sees ${count} notes of Bob`,
          async () => notesBy(bob, await ada.notes()).length,
          (seen) => seen >= count,
          40_000,
        );
        await stage.server.kill();
        await stage.server.start();
      }
      await Promise.all(writing);
      const shown = await everythingOf(ada);
      expect([...shown].sort()).toEqual([...notesOf(ada), ...notesOf(bob)].sort());
      for (const person of [ada, bob]) expect(notesBy(person, shown)).toEqual(notesOf(person));
      expect(await everythingOf(bob)).toEqual(shown);

      for (const person of [ada, bob]) {
        await person.page.reload();
        expect(await everythingOf(person)).toEqual(shown);
      }
    },
  );
});

const startOf = ({ nickname }: Person): string => `${nickname.toLowerCase()}-`;
const notesOf = (person: Person): string[] =>
  Array.from({ length: NOTES }, (_, index) => `${startOf(person)}${index + 1}`);
const notesBy = (person: Person, notes: readonly string[]): string[] =>
  notes.filter((note) => note.startsWith(startOf(person)));

async function writeAll(person: Person): Promise<void> {
  for (const note of notesOf(person)) await person.write(note);
}

/** What is on the screen when everything has arrived and nothing waits any more. */
async function everythingOf(person: Person): Promise<string[]> {
  await person.message(notesOf(person).at(-1) ?? "").waitFor();
  await person.hears(notesOf(person).at(-1) ?? "", "sent");
  await person.readAll(2 * NOTES);
  return person.notes();
}
