import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { buildPage, isPageStale } from "../../examples/web-chat/build-page.js";
import { findChromium } from "../../scripts/find-chromium.js";
import { screenshotFolder } from "./screenshot.js";

declare module "vitest" {
  interface ProvidedContext {
    /** How to reach the browser; `null` when there is none, and the tests are skipped. */
    chromium: string | null;
  }
}

const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** Once for all tests: starts the browser, and builds the page if it is not what its sources say. Resolves with the end of it. */
export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = findChromium();
  if (executablePath === null) {
    project.provide("chromium", null);
    console.log("SKIPPED: there is no Chromium. Install one (apt-get install chromium), or name it in SHYIM_CHROMIUM.");
    return async () => {};
  }
  console.log(`${executablePath}; screenshots: ${screenshotFolder}`);
  if (isPageStale()) await buildPage();
  const browser = await chromium.launchServer({ executablePath, headless: true, args: FLAGS, host: "127.0.0.1" });
  project.provide("chromium", browser.wsEndpoint());
  return () => browser.close();
}
