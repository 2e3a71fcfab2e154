import { type Keepsakes, keepsakes } from "../keepsakes.js";
import type { Account } from "../model.js";

/** Where the signed-in account is remembered, so that a reload needs no password. */
const KEY = "shyim-chat.account";

/** Remembers who is signed in: this tab for itself, and the browser for new tabs. So two tabs may be two people. */
export class Accounts {
  readonly #tab = keepsakes(() => sessionStorage);
  readonly #browser: Keepsakes;

  constructor(browser: Keepsakes) {
    this.#browser = browser;
  }

  /** Whom this tab remembers, else whom the browser remembers; `null` for nobody. */
  get current(): Account | null {
    return parseAccount(this.#tab.getItem(KEY)) ?? parseAccount(this.#browser.getItem(KEY));
  }

  remember(account: Account): void {
    this.#tab.setItem(KEY, JSON.stringify(account));
    this.#browser.setItem(KEY, JSON.stringify(account));
  }

  /** One that signed in later in another tab stays remembered. */
  forget({ token }: Account): void {
    this.#tab.removeItem(KEY);
    if (parseAccount(this.#browser.getItem(KEY))?.token === token) this.#browser.removeItem(KEY);
  }
}

function parseAccount(text: string | null): Account | null {
  try {
    const { userId, nickname, token } = JSON.parse(text ?? "{}") as Partial<Account>;
    return userId && nickname && token ? { userId, nickname, token } : null;
  } catch {
    return null;
  }
}
