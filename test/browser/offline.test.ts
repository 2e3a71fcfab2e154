import { describe, expect } from "vitest";
import type { Person } from "./person.js";
import { browserTest } from "./stage.js";

const words = (start: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${start}${index + 1}`);

/** Resolves when the line about the connection says all of it. */
async function bannerSays({ banner }: Person, text: string): Promise<void> {
  await banner.filter({ hasText: text }).waitFor();
}

describe("without a network", () => {
  browserTest(
    "what is written waits, the other goes on writing, and back online both have all of it, in order, once",
    async (stage) => {
      const [ada, bob] = await stage.pair();
      await ada.write("before");
      await bob.sees(1);
      ada.network.allow("nothing");
      await bannerSays(ada, "offline");
      await ada.write("a1");
      await bannerSays(ada, "1 message is waiting");
      await ada.write("a2");
      await bannerSays(ada, "2 messages are waiting");
      for (const word of ["a1", "a2"]) await ada.hears(word, "waiting");
      await bob.write(...words("b", 3));
      await bob.hears("b3", "sent");
      ada.network.allow("everything");
      const [onAda, onBob] = [await ada.sees(6, 40_000), await bob.sees(6, 40_000)];
      expect(onAda).toEqual(["before", "b1", "b2", "b3", "a1", "a2"]);
      expect(onBob).toEqual(onAda);
      for (const word of ["a1", "a2"]) await ada.hears(word, "sent");
      await ada.banner.waitFor({ state: "hidden" });
    },
  );

  browserTest("what waits is still there when the page is loaded again, and is sent once", async (stage) => {
    const [ada, bob] = await stage.pair();
    await ada.write("before");
    await bob.sees(1);
    ada.network.allow("no sockets");
    await bannerSays(ada, "offline");
    await ada.write("a1", "a2");
    await bannerSays(ada, "2 messages are waiting");
    await ada.page.reload();
    await bannerSays(ada, "2 messages are waiting");
    await ada.hears("a2", "waiting");
    expect(await ada.notes()).toEqual(["before", "a1", "a2"]);
    ada.network.allow("everything");
    await ada.hears("a2", "sent");
    await bob.sees(3);
    await ada.write("after");
    const all = ["before", "a1", "a2", "after"];
    expect([await ada.sees(4), await bob.sees(4)]).toEqual([all, all]);
  });
});
