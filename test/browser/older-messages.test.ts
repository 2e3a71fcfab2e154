import { createImClient } from "shyim/client";
import { describe, expect } from "vitest";
import type { Person } from "./person.js";
import { browserTest } from "./stage.js";

const COUNT = 200;
const WORDS = Array.from({ length: COUNT }, (_, index) => `n${index + 1}`);

/** Writes to somebody without a page. */
async function writeMany(from: Person, to: Person): Promise<void> {
  const im = createImClient({ url: `ws://127.0.0.1:${from.server.port}/ws`, token: await from.token() });
  const userId = await to.userId();
  await im.connect();
  await Promise.all(WORDS.map((word) => im.send({ to: { userId }, text: `note ${word}` })));
  await im.close();
}

describe("older messages", () => {
  browserTest("are loaded on scrolling up, in order and each once, and writing goes on behind them", async (stage) => {
    const [ada, bob] = await stage.pair();
    await writeMany(ada, bob);
    await bob.message(`n${COUNT}`).waitFor();
    await bob.page.reload();
    await bob.message(`n${COUNT}`).waitFor();
    expect((await bob.notes()).length).toBeLessThan(COUNT);
    expect(await bob.readAll(COUNT)).toEqual(WORDS);
    await bob.page.keyboard.press("End");
    await bob.write("after");
    expect(await bob.sees(COUNT + 1)).toEqual([...WORDS, "after"]);

    // On a device that has never seen them they come in while the conversation is open.
    const elsewhere = await stage.person("Bob");
    await elsewhere.signIn(bob);
    await elsewhere.open("Ada");
    expect(await elsewhere.readAll(COUNT + 1)).toEqual([...WORDS, "after"]);
  });
});
