import { describe, expect } from "vitest";
import { browserTest } from "./stage.js";

describe("two tabs of one user", () => {
  browserTest(
    "the second says that the chat is open in another, and comes to life when the first closes",
    async (stage) => {
      const [ada, bob] = await stage.pair();
      await ada.write("first-tab");
      await bob.sees(1);
      const here = await ada.secondTab();
      await ada.page.close();
      await here.sees(1);
      await here.write("second-tab");
      expect(await bob.sees(2)).toEqual(["first-tab", "second-tab"]);
      expect(await here.notes()).toEqual(["first-tab", "second-tab"]);
    },
  );
});
