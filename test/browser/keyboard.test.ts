import type { Locator } from "playwright-core";
import { describe, expect } from "vitest";
import { PASSWORD, type Person } from "./person.js";
import { browserTest } from "./stage.js";
import { until } from "./until.js";

/** Most stops of the Tab key before something has to come. */
const MAX_STOPS = 40;

/** Goes on with Tab until `target` has the focus. */
async function tabTo({ page }: Person, target: Locator): Promise<void> {
  for (let stop = 0; stop < MAX_STOPS; stop++) {
    if (await isFocused(target)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not come to ${target}`);
}

async function isFocused(target: Locator): Promise<boolean> {
  const places = await target.all();
  const answers = await Promise.all(places.map((place) => place.evaluate((node) => node === document.activeElement)));
  return answers.includes(true);
}

describe("with nothing but a keyboard", () => {
  browserTest(
    "somebody signs in, adds a contact, writes, opens another conversation and writes there",
    async (stage) => {
      const [bob, cleo] = [await stage.signUp("Bob"), await stage.signUp("Cleo")];
      const ada = await stage.person("Ada");
      const credentials = { phone_number: ada.phoneNumber, nickname: "Ada", password: PASSWORD };
      await stage.server.call("/register", credentials);
      const { page } = ada;
      const { keyboard } = page;
      await page.goto(ada.network.url);

      await tabTo(ada, page.getByRole("textbox", { name: "Phone number" }));
      await keyboard.type(ada.phoneNumber);
      await tabTo(ada, page.getByLabel("Password"));
      await keyboard.type(PASSWORD);
      await keyboard.press("Enter");
      await ada.list.waitFor();

      for (const friend of [bob, cleo]) {
        await tabTo(ada, page.getByRole("button", { name: "Add contact" }));
        await keyboard.press("Enter");
        await page.getByRole("dialog", { name: "Add a contact" }).waitFor();
        await tabTo(ada, page.getByRole("dialog").getByRole("textbox", { name: "Phone number" }));
        await keyboard.type(friend.phoneNumber);
        await keyboard.press("Enter");
        await ada.conversation(friend.nickname).waitFor();
        await tabTo(ada, page.getByRole("textbox", { name: "Message", exact: true }));
        await keyboard.type(`note to-${friend.nickname}`);
        await keyboard.press("Enter");
        await ada.message(`to-${friend.nickname}`).waitFor();
      }

      await tabTo(ada, ada.entry("Bob"));
      await keyboard.press("Enter");
      await ada.conversation("Bob").waitFor();
      await tabTo(ada, page.getByRole("textbox", { name: "Message", exact: true }));
      await keyboard.type("note again");
      await tabTo(ada, page.getByRole("button", { name: "Send", exact: true }));
      await keyboard.press("Space");
      await until(
        "both notes are there",
        () => ada.notes(),
        (notes) => notes.length === 2,
      );
      expect(await ada.notes()).toEqual(["to-Bob", "again"]);
      await bob.open("Ada");
      expect(await bob.sees(2)).toEqual(["to-Bob", "again"]);
    },
  );

  browserTest("a dialog keeps the focus, Escape closes it, and the focus is back where it was", async (stage) => {
    const ada = await stage.signUp("Ada");
    const open = ada.page.getByRole("button", { name: "Add contact" });
    await tabTo(ada, open);
    await ada.page.keyboard.press("Enter");
    const dialog = ada.page.getByRole("dialog", { name: "Add a contact" });
    await dialog.waitFor();
    await tabTo(ada, dialog.getByRole("button", { name: "Add", exact: true }));
    await ada.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await isFocused(open)).toBe(true);
  });
});
