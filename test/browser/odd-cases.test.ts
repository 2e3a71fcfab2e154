import { describe, expect } from "vitest";
import { browserTest } from "./stage.js";
import { until } from "./until.js";

describe("in odd cases", () => {
  browserTest("a link to a conversation that does not exist opens none, and says so", async (stage) => {
    const ada = await stage.signUp("Ada");
    await ada.page.goto(`${ada.network.url}#single/${encodeURIComponent("zzz<img>")}`);
    await ada.page.getByText("There is no such conversation here.").waitFor();
    expect(await ada.list.getByRole("listitem").count()).toBe(0);
    expect(await ada.page.getByRole("textbox", { name: "Message", exact: true }).isVisible()).toBe(false);
  });

  browserTest("somebody who wrote much and left a group is asked about once, not once per message", async (stage) => {
    const [ada, bob, cleo] = [await stage.signUp("Ada"), await stage.signUp("Bob"), await stage.signUp("Cleo")];
    for (const friend of [ada, bob]) await cleo.addContact(friend);
    ada.network.allow("nothing");
    await ada.banner.waitFor();
    await cleo.createGroup("Crew", [ada, bob]);
    await bob.open("Crew");
    const words = Array.from({ length: 12 }, (_, index) => `w${index}`);
    await bob.write(...words);
    await bob.sees(words.length);
    const { groups } = await stage.server.get("/group/list", await bob.token());
    await stage.server.call("/group/leave", { group_id: (groups as { id: string }[])[0]?.id }, await bob.token());
    const asked: string[] = [];
    ada.page.on("request", (request) => {
      if (request.url().includes("/group/members")) asked.push(request.url());
    });
    ada.network.allow("everything");
    await ada.open("Crew");
    await ada.sees(words.length);
    await cleo.open("Crew");
    await cleo.write("last");
    await ada.message("last").waitFor();
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  browserTest("a text that cannot be kept comes back to where it was written, and nowhere else", async (stage) => {
    const [ada, bob] = await stage.pair();
    const cleo = await stage.signUp("Cleo");
    await ada.addContact(cleo);
    const here = await ada.secondTab();
    await here.open("Bob");
    await here.write("for-bob");
    await here.page.getByRole("alert").filter({ hasText: "Not sent" }).waitFor();
    await here.open("Cleo");
    const draft = here.page.getByRole("textbox", { name: "Message", exact: true });
    expect(await draft.inputValue()).toBe("");
    await here.open("Bob");
    expect(await draft.inputValue()).toBe("note for-bob");
    expect(await bob.notes()).toEqual([]);
  });

  browserTest("who signs out leaves no messages in the browser, and has them again after signing in", async (stage) => {
    const [ada, bob] = await stage.pair();
    await ada.write("one");
    await bob.write("two");
    await ada.sees(2);
    await ada.page.getByRole("button", { name: "Sign out" }).click();
    await ada.page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await until(
      "the browser keeps nothing",
      () => ada.page.evaluate(async () => (await indexedDB.databases()).length),
      (count) => count === 0,
    );
    await ada.signIn();
    await ada.open("Bob");
    expect(await ada.sees(2)).toEqual(["one", "two"]);
    expect(await ada.list.getByRole("button", { name: /unread/ }).count()).toBe(0);
  });

  browserTest(
    "a screen reader is told what others write, what changes in a group, and what was refused",
    async (stage) => {
      const [ada, bob] = await stage.pair();
      const heard = ada.page.getByRole("log", { name: "What happened" });
      await bob.write("ding");
      await heard.getByText("Bob: note ding").waitFor({ state: "attached" });
      await bob.createGroup("Crew", [ada]);
      await heard.getByText("Crew: Bob created the group “Crew”").waitFor({ state: "attached" });
      await stage.server.call("/friend/block", { user_id: await ada.userId() }, await bob.token());
      await ada.write("knock");
      await heard.getByText(/^Not sent: /).waitFor({ state: "attached" });
    },
  );
});
