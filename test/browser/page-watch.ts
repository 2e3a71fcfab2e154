import type { Page } from "playwright-core";

/** What Chromium itself says of a connection that broke: the tests break them. */
const NETWORK_TROUBLE = [/^WebSocket connection to .* failed/, /^Failed to load resource: net::ERR_/];

/** What went wrong on the pages of a person: errors on the console, errors nobody caught, violations of the policy. */
export class PageWatch {
  readonly problems: string[] = [];
  readonly #expected: RegExp[] = [...NETWORK_TROUBLE];

  /** From now on such an error is none. */
  expect(error: RegExp): void {
    this.#expected.push(error);
  }

  /** To be called before the page goes anywhere. */
  async watch(page: Page): Promise<void> {
    page.on("pageerror", (error) => this.#note(`uncaught: ${error.stack ?? error.message}`));
    page.on("console", (message) => message.type() === "error" && this.#note(message.text()));
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
        console.error(`policy: ${violatedDirective} forbids ${blockedURI} in ${sourceFile}:${lineNumber}`),
      );
    });
  }

  #note(problem: string): void {
    if (!this.#expected.some((pattern) => pattern.test(problem))) this.problems.push(problem);
  }
}
