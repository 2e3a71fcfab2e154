import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

/** `SHYIM_SCREENSHOTS`, or a folder that git ignores. */
export const screenshotFolder =
  process.env.SHYIM_SCREENSHOTS || fileURLToPath(new URL("../../test-results/screenshots", import.meta.url));

/** Keeps what is to be seen, for people to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshotFolder, `${name}.png`), animations: "disabled", caret: "initial" });
}
