import type { BrowserContextOptions } from "playwright-core";
import { describe, expect } from "vitest";
import { axeViolations } from "./axe-violations.js";
import type { Person } from "./person.js";
import { hillsPng } from "./png.js";
import { keepScreenshot } from "./screenshot.js";
import { browserTest, DESK, PHONE, type Stage } from "./stage.js";

const SCHEMES = ["light", "dark"] as const;
const SCREENS = [
  ["390", PHONE],
  ["1280", DESK],
] as const;

/** Looks at one state of the page after the other: nobody is kept out, nothing sticks out sideways, and a picture is kept. */
class Inspection {
  readonly violations: string[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  async look({ page }: Person, state: string): Promise<void> {
    await keepScreenshot(page, `${this.#name}-${state}`);
    const found = await axeViolations(page);
    this.violations.push(...found.map((violation) => `${state}: ${violation}`));
    const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overhang > 0) this.violations.push(`${state}: ${overhang} pixels wider than the screen`);
  }
}

async function talk(ada: Person, bob: Person): Promise<void> {
  await bob.say("Are we still on for Sunday?");
  await ada.say("Yes! 9:30 at the station, the train goes at 9:41.");
  await bob.say(
    "I will bring the map and something to eat. Do you know whether the hut at the pass is open at this time of the year?",
  );
  await ada.say("It is, until the end of the month 🏔️");
  await ada.messages.getByText("until the end of the month").waitFor();
}

async function inspectSignIn(ada: Person, inspection: Inspection): Promise<void> {
  await ada.page.goto(ada.network.url);
  await ada.page.getByRole("heading", { level: 1 }).waitFor();
  await inspection.look(ada, "1-sign-in");
  await ada.page.getByRole("button", { name: "Create an account" }).click();
  await inspection.look(ada, "2-sign-up");
}

/** Dialogs are closed by Escape; on a phone the list stands alone. */
async function inspectDialogs(ada: Person, inspection: Inspection): Promise<void> {
  for (const [button, state] of [
    ["Add contact", "7-add-contact"],
    ["New group", "8-new-group"],
  ] as const) {
    await ada.page.getByRole("button", { name: button }).click();
    await ada.page.getByRole("dialog").waitFor();
    await inspection.look(ada, state);
    await ada.page.keyboard.press("Escape");
  }
}

async function inspectGroup(ada: Person, bob: Person, inspection: Inspection): Promise<void> {
  await ada.createGroup("Sunday walk", [bob]);
  await ada.say("Who else wants to come?");
  await inspection.look(ada, "9-group");
  await ada.page.getByRole("button", { name: "Group details" }).click();
  await ada.page.getByRole("dialog").getByText("Bob").first().waitFor();
  await inspection.look(ada, "10-group-details");
  await ada.page.keyboard.press("Escape");
}

async function inspectTrouble(stage: Stage, ada: Person, bob: Person, inspection: Inspection): Promise<void> {
  await stage.server.call("/friend/block", { user_id: await ada.userId() }, await bob.token());
  await ada.say("Are you there?");
  await ada.messages.getByRole("button", { name: "Try again" }).waitFor();
  await inspection.look(ada, "11-refused");
  ada.network.allow("nothing");
  await ada.banner.waitFor();
  await ada.say("I am in the tunnel now");
  await ada.banner.filter({ hasText: "1 message is waiting" }).waitFor();
  await inspection.look(ada, "12-offline");
}

async function inspectAll(stage: Stage, screen: BrowserContextOptions, inspection: Inspection): Promise<void> {
  const isPhone = screen.isMobile === true;
  const [ada, bob] = [await stage.person("Ada", screen), await stage.signUp("Bob")];
  await inspectSignIn(ada, inspection);
  await ada.signUp();
  await inspection.look(ada, "3-nobody");
  await ada.addContact(bob);
  await bob.addContact(ada);
  await talk(ada, bob);
  const file = bob.page.getByLabel("Picture", { exact: true });
  await file.setInputFiles({ name: "map.png", mimeType: "image/png", buffer: hillsPng(320, 200) });
  await ada.messages.getByRole("img", { name: /picture/i }).waitFor();
  await inspection.look(ada, "4-chat");
  await ada.messages.getByRole("button", { name: /picture/i }).click();
  await ada.page.getByRole("dialog").waitFor();
  await inspection.look(ada, "5-picture");
  await ada.page.keyboard.press("Escape");
  if (isPhone) await ada.back();
  await inspection.look(ada, "6-list");
  await inspectDialogs(ada, inspection);
  await inspectGroup(ada, bob, inspection);
  if (isPhone) await ada.back();
  await ada.open("Bob");
  await inspectTrouble(stage, ada, bob, inspection);
}

describe("what is to be seen", () => {
  for (const [width, screen] of SCREENS) {
    for (const colorScheme of SCHEMES) {
      browserTest(`keeps nobody out and fits, ${width} pixels wide, ${colorScheme}`, async (stage) => {
        const inspection = new Inspection(`${width}-${colorScheme}`);
        await inspectAll(stage, { ...screen, colorScheme }, inspection);
        expect(inspection.violations).toEqual([]);
      });
    }
  }

  browserTest("is dark where people want it dark, and changes while it is open", async (stage) => {
    const ada = await stage.signUp("Ada");
    const colours = async (colorScheme: "light" | "dark"): Promise<string[]> => {
      await ada.page.emulateMedia({ colorScheme });
      return ada.page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body);
        return [color, backgroundColor];
      });
    };
    const [light, dark] = [await colours("light"), await colours("dark")];
    expect(dark[0]).not.toBe(light[0]);
    expect(dark[1]).not.toBe(light[1]);
  });
});
