import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "../find-chromium.js";
import type { BenchSettings } from "./bench-settings.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const PASSWORD = "correct horse battery";

/**
 * What somebody waits for who tries this: a fresh clone of the last commit, an empty cache of npm, `npm install`, `npm start`,
 * then two people in two browsers until one reads the other. Needs the package registry and Chromium.
 */
export async function benchFirstMessage({ say, folder }: BenchSettings): Promise<void> {
  const place = mkdtempSync(join(folder, "shyim-first-message-"));
  const clone = join(place, "shyim");
  const cache = join(place, "cache");
  const begin = performance.now();
  const step = async (what: string, work: () => unknown): Promise<void> => {
    const startedAt = performance.now();
    await work();
    say(`${secondsSince(startedAt)}  ${what}`);
  };
  let server: ChildProcess | null = null;
  try {
    await step("git clone", () => run(place, cache, "git", "clone", "--quiet", root, clone));
    await step("npm install, nothing in the cache", () =>
      run(clone, cache, "npm", "install", "--no-audit", "--no-fund"),
    );
    let url = "";
    await step("npm start, until it says where it is; it builds the page first", async () => {
      ({ server, url } = await start(clone));
    });
    await step("two people sign up, one adds the other and writes, the other reads", () => converse(url));
    say(`${secondsSince(begin)}  from nothing to the first message on a screen\n`);
    say(`downloaded by npm: ${megabytes(sizeOf(cache))} for ${packagesIn(clone)} packages`);
    say(`on the disk: node_modules ${megabytes(sizeOf(join(clone, "node_modules")))}`);
  } finally {
    (server as ChildProcess | null)?.kill("SIGKILL");
    rmSync(place, { recursive: true, force: true });
  }
}

function run(cwd: string, cache: string, command: string, ...args: string[]): void {
  const env = { ...process.env, npm_config_cache: cache };
  execFileSync(command, args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
}

async function start(clone: string): Promise<{ server: ChildProcess; url: string }> {
  const env = { ...process.env, PORT: "0" };
  // What `npm start` runs, without npm between, so that it ends when it is told to.
  const server = spawn(process.execPath, ["examples/web-chat/start.mjs"], {
    cwd: clone,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = line.match(/http:\/\/\S+/)?.[0];
    if (url !== undefined) return { server, url };
  }
  throw new Error(`npm start ended with ${(await once(server, "exit"))[0]} before it said where it listens`);
}

async function converse(url: string): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error("there is no Chromium: install Debian's `chromium`, or name one in SHYIM_CHROMIUM");
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS });
  try {
    const [ada, bob] = [
      await signUp(browser, url, "Ada", "+1555000001"),
      await signUp(browser, url, "Bob", "+1555000002"),
    ];
    await ada.getByRole("button", { name: "Add contact", exact: true }).click();
    await ada.getByRole("dialog").getByLabel("Phone number").fill("+1555000002");
    await ada.getByRole("button", { name: "Add", exact: true }).click();
    await ada.getByRole("textbox", { name: "Message" }).fill("the first message");
    await ada.keyboard.press("Enter");
    await bob.getByText("the first message").first().waitFor();
  } finally {
    await browser.close();
  }
}

async function signUp(browser: Browser, url: string, nickname: string, phoneNumber: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByLabel("Phone number").fill(phoneNumber);
  await page.getByLabel("Nickname").fill(nickname);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account", exact: true }).click();
  await page.getByRole("navigation", { name: "Conversations" }).waitFor();
  return page;
}

function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s`;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function packagesIn(clone: string): number {
  const installed = readFileSync(join(clone, "node_modules/.package-lock.json"), "utf8");
  return Object.keys((JSON.parse(installed) as { packages: object }).packages).length;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}
