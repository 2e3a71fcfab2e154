import { describe, expect } from "vitest";
import type { Person } from "./person.js";
import { browserTest, DESK } from "./stage.js";

const LONGEST_NAME = "W".repeat(50);
const WIDTHS = [320, 390, 768, 1280] as const;

/** Buttons that somebody cannot press, since they are outside the window or below something else. */
function unreachableButtons({ page }: Person): Promise<string[]> {
  return page.evaluate(() => {
    const seen = [...document.querySelectorAll("button")].filter((button) => button.checkVisibility());
    const isCovered = (button: HTMLButtonElement): boolean => {
      const { left, right, top, bottom } = button.getBoundingClientRect();
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return hit === null || !button.contains(hit);
    };
    return seen.filter(isCovered).map((button) => button.textContent ?? "");
  });
}

const overhang = ({ page }: Person): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

describe("the longest name there can be", () => {
  browserTest("leaves every button where it can be pressed, at every width", async (stage) => {
    const [ada, bob] = [await stage.signUp(LONGEST_NAME, DESK), await stage.signUp(`${LONGEST_NAME.slice(1)}B`)];
    await ada.addContact(bob);
    await ada.write("l".repeat(200));
    await ada.sees(1);
    const trouble: string[] = [];
    for (const width of WIDTHS) {
      await ada.page.setViewportSize({ width, height: 700 });
      for (const button of await unreachableButtons(ada)) trouble.push(`${width}, in the conversation: ${button}`);
      const pixels = await overhang(ada);
      if (pixels > 0) trouble.push(`${width}: ${pixels} pixels too wide`);
    }
    await ada.page.setViewportSize({ width: 320, height: 700 });
    await ada.back();
    for (const button of await unreachableButtons(ada)) trouble.push(`320, in the list: ${button}`);
    expect(trouble).toEqual([]);
  });
});
