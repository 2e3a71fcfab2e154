import { describe, expect } from "vitest";
import { browserTest } from "./stage.js";

describe("two tabs of one user", () => {
  browserTest(
    "the second says that the chat is open in another, and comes to life when the first closes",
    async (stage) => {
      const [ada, bob] = await stage.pair();
      await ada.write("first-tab");
      await bob.sees(1);
      const second = await ada.context.newPage();
      await ada.watch.watch(second);
      await second.goto(ada.page.url());
      await second
        .getByText(/another tab/i)
        .first()
        .waitFor();
      await ada.page.close();
      const here = ada.on(second);
      await here.sees(1);
      await here.write("second-tab");
      expect(await bob.sees(2)).toEqual(["first-tab", "second-tab"]);
      expect(await here.notes()).toEqual(["first-tab", "second-tab"]);
    },
  );
});
