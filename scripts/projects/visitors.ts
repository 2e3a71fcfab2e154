import { compileFunction } from "node:vm";
import { chromium } from "playwright-core";
import { WebSocket } from "ws";
import { findChromium } from "../find-chromium.js";

const PATIENCE_MS = 20_000;
const executablePath = findChromium();

/** Somebody who opens a built page and waits until it prints something. */
export interface Visitor {
  readonly name: string;
  /** Resolves with the first line the page prints. */
  visit(url: string): Promise<string>;
}

/** Chromium, when this machine has one. It proves more, and nothing depends on it. */
export const chromiumVisitor: Visitor | null =
  executablePath === null ? null : { name: "Chromium", visit: visitInChromium };

/** Runs the script of a page in Node, which is everywhere, with the names of a browser and without those of Node. */
export const nodeVisitor: Visitor = { name: "Node as a browser", visit: visitInNode };

async function visitInChromium(url: string): Promise<string> {
  const browser = await chromium.launch(executablePath === null ? {} : { executablePath });
  try {
    const page = await browser.newPage();
    const printed: string[] = [];
    page.on("console", (message) => printed.push(message.text()));
    page.on("pageerror", (error) => printed.push(String(error)));
    const received = page.waitForEvent("console", {
      predicate: (message) => message.text().includes("received"),
      timeout: PATIENCE_MS,
    });
    await Promise.all([received, page.goto(url)]).catch((error: unknown) => {
      throw new Error(`Chromium at ${url}: ${error}. The page printed:\n${printed.join("\n")}`);
    });
    return (await received).text();
  } finally {
    await browser.close();
  }
}

async function visitInNode(url: string): Promise<string> {
  const script = new URL(await scriptOf(url), url);
  const code = await (await fetch(script)).text();
  const { names, printed } = namesOfBrowser(script);
  compileFunction(code, Object.keys(names))(...Object.values(names));
  return printed;
}

async function scriptOf(url: string): Promise<string> {
  const html = await (await fetch(url)).text();
  const [, script] = /<script type="module"[^>]* src="([^"]+)"/.exec(html) ?? [];
  if (script === undefined) throw new Error(`the page at ${url} has no module:\n${html}`);
  return script;
}

/** What a script of a page sees, and what it prints. The names of Node are there, too, and stand for nothing. */
function namesOfBrowser(location: URL) {
  let print = (_line: string): void => {};
  const printed = new Promise<string>((resolve, reject) => {
    print = resolve;
    setTimeout(() => reject(new Error(`the script ${location} printed nothing`)), PATIENCE_MS).unref();
  });
  const listening = { addEventListener() {}, removeEventListener() {} };
  const document = {
    ...listening,
    visibilityState: "visible",
    createElement: () => ({ relList: { supports: () => true } }),
  };
  const browser = { WebSocket, document, location, console: { log: print }, ...listening };
  const node = {
    process: undefined,
    require: undefined,
    Buffer: undefined,
    global: undefined,
    setImmediate: undefined,
  };
  return { printed, names: { ...browser, ...node, globalThis: { ...webStandards(), ...browser } } };
}

/** Standards that Node shares with browsers; scripts may ask `globalThis` for them. */
function webStandards() {
  const { crypto, setTimeout, clearTimeout, queueMicrotask, TextEncoder, TextDecoder, performance } = globalThis;
  return { crypto, setTimeout, clearTimeout, queueMicrotask, TextEncoder, TextDecoder, performance };
}
