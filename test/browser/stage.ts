import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";
import { expect, inject, it, onTestFinished } from "vitest";
import { ChatServer } from "./chat-server.js";
import { Network } from "./network.js";
import { PageWatch } from "./page-watch.js";
import { Person } from "./person.js";
import { keepScreenshot } from "./screenshot.js";

/** Long enough for a machine of two cores that does other things as well. */
const TIMEOUT_MS = 120_000;
const STEP_TIMEOUT_MS = 20_000;

/** Screens of a phone and of a desk. */
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
export const DESK = { viewport: { width: 1280, height: 800 } };

/** One server, one browser (the same for all tests), and the people who are there. Ends with the test, and fails it if a page had an error. */
export class Stage {
  readonly server: ChatServer;
  readonly #browser: Browser;
  readonly #people: Person[] = [];

  private constructor(server: ChatServer, browser: Browser) {
    this.server = server;
    this.#browser = browser;
  }

  static async open(): Promise<Stage> {
    const server = await ChatServer.open();
    onTestFinished(() => server.dispose());
    const browser = await chromium.connect(inject("chromium") ?? "");
    // What was made through this connection goes with it; the browser itself stays for the others.
    onTestFinished(() => browser.close());
    return new Stage(server, browser);
  }

  /** Somebody who has a browser and has done nothing yet; the number is theirs alone. */
  async person(nickname: string, screen: BrowserContextOptions = DESK): Promise<Person> {
    const network = await Network.open(this.server.port);
    onTestFinished(() => network.close());
    const context = await this.#browser.newContext({ locale: "en-GB", ...screen });
    context.setDefaultTimeout(STEP_TIMEOUT_MS);
    const watch = new PageWatch();
    const page = await context.newPage();
    await watch.watch(page);
    const phoneNumber = `+41 79 123 45 ${10 + this.#people.length}`;
    const person = new Person({ nickname, phoneNumber }, { server: this.server, network, context, page, watch });
    this.#people.push(person);
    return person;
  }

  /** Somebody with an account, signed in. */
  async signUp(nickname: string, screen?: BrowserContextOptions): Promise<Person> {
    const person = await this.person(nickname, screen);
    await person.signUp();
    return person;
  }

  /** Two people who have their conversation open. */
  async pair(screen?: BrowserContextOptions): Promise<readonly [Person, Person]> {
    const [ada, bob] = [await this.signUp("Ada", screen), await this.signUp("Bob", screen)];
    await ada.addContact(bob);
    await bob.addContact(ada);
    return [ada, bob];
  }

  /** What went wrong on all pages. */
  get problems(): readonly string[] {
    return this.#people.flatMap(({ nickname, watch }) => watch.problems.map((problem) => `${nickname}: ${problem}`));
  }

  /** Keeps what everybody sees, for who has to find out why a test failed. */
  async keepScreens(test: string): Promise<void> {
    const name = test.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    for (const { page, nickname } of this.#people)
      await keepScreenshot(page, `failed-${name.slice(0, 60)}-${nickname}`);
  }
}

/** A test with a browser; skipped where there is none. It fails also when a page had an error or broke its policy. */
export function browserTest(sentence: string, play: (stage: Stage) => Promise<void>): void {
  it.skipIf(inject("chromium") === null)(
    sentence,
    async () => {
      const stage = await Stage.open();
      try {
        await play(stage);
      } catch (error) {
        await stage.keepScreens(sentence).catch(() => {});
        throw error;
      }
      expect(stage.problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
}
