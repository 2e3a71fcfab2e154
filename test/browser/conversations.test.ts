import { describe, expect } from "vitest";
import { browserTest, PHONE } from "./stage.js";
import { until } from "./until.js";

describe("in the browser", () => {
  browserTest(
    "two people sign up, one adds the other by phone number, and both read in real time what is written",
    async (stage) => {
      const [ada, bob] = [await stage.signUp("Ada"), await stage.signUp("Bob")];
      await ada.addContact(bob);
      await ada.write("hello");
      await bob.open("Ada");
      await bob.message("hello").waitFor();
      await bob.write("hello-too");
      await ada.message("hello-too").waitFor();
      await ada.hears("hello", "sent");
      expect(await ada.notes()).toEqual(["hello", "hello-too"]);
      expect(await bob.notes()).toEqual(["hello", "hello-too"]);
    },
  );

  browserTest("a message is on the screen once at every moment, from the writing to its place", async (stage) => {
    const [ada] = await stage.pair();
    await ada.page.evaluate(() => {
      const counts: number[] = [];
      const look = (): void => {
        const shown =
          document.querySelector<HTMLElement>("[aria-label=Messages]")?.innerText.match(/note \S+\n/g) ?? [];
        counts.push(new Set(shown).size - shown.length, shown.length);
      };
      Object.assign(globalThis, { counts });
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
    });
    for (const word of ["a", "b", "c", "d", "e"]) {
      await ada.write(word);
      await ada.hears(word, "sent");
    }
    await ada.sees(5);
    const counts = await ada.page.evaluate(() => (globalThis as unknown as { counts: number[] }).counts);
    const [doubled, shown] = [0, 1].map((odd) => counts.filter((_, index) => index % 2 === odd)) as [
      number[],
      number[],
    ];
    expect(doubled.filter((missing) => missing !== 0)).toEqual([]);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
  });

  browserTest("a number nobody has, a wrong password and a number that is taken are told in words", async (stage) => {
    const [ada, bob] = [await stage.signUp("Ada"), await stage.person("Bob")];
    for (const { watch } of [ada, bob]) watch.expect(/status of 4\d\d/);
    await ada.page.getByRole("button", { name: "Add contact" }).click();
    await ada.page.getByRole("textbox", { name: "Phone number" }).fill("+41 79 000 00 00");
    await ada.page.getByRole("button", { name: "Add", exact: true }).click();
    const alertOf = async ({ page }: typeof ada, words: RegExp): Promise<void> => {
      await page.getByRole("alert").filter({ hasText: words }).waitFor();
    };
    await alertOf(ada, /^Nobody here has this number\./);
    await ada.page.getByRole("textbox", { name: "Phone number" }).fill("twelve");
    await ada.page.getByRole("button", { name: "Add", exact: true }).click();
    await alertOf(ada, /^Phone number must be a text of 5–20 digits/);
    await bob.page.goto(bob.network.url);
    await bob.page.getByRole("textbox", { name: "Phone number" }).fill(ada.phoneNumber);
    await bob.page.getByLabel("Password").fill("not her password");
    await bob.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await alertOf(bob, /wrong/);
    await bob.page.getByRole("button", { name: "Create an account" }).click();
    await bob.page.getByRole("textbox", { name: "Nickname" }).fill("Ada");
    await bob.page.getByRole("button", { name: "Create account", exact: true }).click();
    await alertOf(bob, /Perhaps the number has one already: sign in instead\./);
  });

  browserTest("a message in a conversation that is not open marks it unread until it is opened", async (stage) => {
    const [ada, bob] = await stage.pair(PHONE);
    await bob.back();
    await ada.write("one", "two");
    const unread = (name: string): RegExp => new RegExp(`^${name}.*\\b2 unread`);
    await bob.list.getByRole("button", { name: unread("Ada") }).waitFor();
    await bob.open("Ada");
    await bob.message("two").waitFor();
    await bob.back();
    await bob.entry("Ada").waitFor();
    await until(
      "nothing is unread",
      () => bob.list.getByRole("button", { name: /unread/ }).count(),
      (count) => count === 0,
    );
  });

  browserTest(
    "what was read stays read, and what was written stays there, when the page is loaded again",
    async (stage) => {
      const [ada, bob] = await stage.pair();
      await ada.write("one", "two");
      await bob.sees(2);
      await bob.page.reload();
      await bob.list.waitFor();
      if (!(await bob.conversation("Ada").isVisible())) await bob.open("Ada");
      expect(await bob.sees(2)).toEqual(["one", "two"]);
      expect(await bob.list.getByRole("button", { name: /unread/ }).count()).toBe(0);
    },
  );

  browserTest("three people in a group see what each of them writes, in one order", async (stage) => {
    const people = [await stage.signUp("Ada"), await stage.signUp("Bob"), await stage.signUp("Cleo")] as const;
    const [ada, bob, cleo] = people;
    for (const friend of [bob, cleo]) await ada.addContact(friend);
    await ada.createGroup("Sunday walk", [bob, cleo]);
    for (const friend of [bob, cleo]) await friend.open("Sunday walk");
    await Promise.all(people.map((person) => person.write(`from-${person.nickname}`)));
    const seen = await Promise.all(people.map((person) => person.sees(3)));
    expect([...(seen[0] ?? [])].sort()).toEqual(["from-Ada", "from-Bob", "from-Cleo"]);
    expect(seen).toEqual([seen[0], seen[0], seen[0]]);
  });

  browserTest(
    "the members of a group are shown; who leaves cannot write there, and the others go on",
    async (stage) => {
      const [ada, bob, cleo] = [await stage.signUp("Ada"), await stage.signUp("Bob"), await stage.signUp("Cleo")];
      for (const friend of [bob, cleo]) await ada.addContact(friend);
      await ada.createGroup("Crew", [bob]);
      const details = ada.page.getByRole("button", { name: "Group details" });
      await details.click();
      await ada.page.getByRole("dialog").getByRole("checkbox", { name: "Cleo" }).check();
      await ada.page.getByRole("dialog").getByRole("button", { name: "Add people" }).click();
      await cleo.open("Crew");
      await bob.open("Crew");
      await bob.page.getByRole("button", { name: "Group details" }).click();
      for (const name of ["Ada", "Bob", "Cleo"]) await bob.page.getByRole("dialog").getByText(name).first().waitFor();
      await bob.page.getByRole("dialog").getByRole("button", { name: "Leave group" }).click();
      await bob.page.getByRole("dialog").getByRole("button", { name: "Leave for good" }).click();
      await ada.write("without-bob");
      await cleo.message("without-bob").waitFor();
      await until(
        "Bob cannot write any more",
        () => bob.page.getByRole("textbox", { name: "Message", exact: true }).isVisible(),
        (isVisible) => !isVisible,
      );
    },
  );
});
