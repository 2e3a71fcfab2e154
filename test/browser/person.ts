import type { BrowserContext, Locator, Page } from "playwright-core";
import type { ChatServer } from "./chat-server.js";
import type { Network } from "./network.js";
import type { PageWatch } from "./page-watch.js";
import { until } from "./until.js";

/** Texts of the tests are `note` and a word, so that they are found among names, times and marks. */
const NOTE = /\bnote \S+/g;

/** Who somebody is. */
export interface Identity {
  readonly nickname: string;
  readonly phoneNumber: string;
}

/** Same for everybody. */
export const PASSWORD = "correct horse battery";

/** What a person is made of. */
export interface PersonParts {
  readonly server: ChatServer;
  readonly network: Network;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly watch: PageWatch;
}

/** Somebody with a browser, a network and an account of their own. Finds things by what they are called, as people do. */
export class Person implements Identity {
  readonly nickname: string;
  readonly phoneNumber: string;
  readonly server: ChatServer;
  readonly network: Network;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly watch: PageWatch;

  constructor({ nickname, phoneNumber }: Identity, { server, network, context, page, watch }: PersonParts) {
    this.nickname = nickname;
    this.phoneNumber = phoneNumber;
    this.server = server;
    this.network = network;
    this.context = context;
    this.page = page;
    this.watch = watch;
  }

  /** The list of conversations. */
  get list(): Locator {
    return this.page.getByRole("navigation", { name: "Conversations" });
  }

  /** The messages of the open conversation. */
  get messages(): Locator {
    return this.page.getByRole("list", { name: "Messages" });
  }

  /** What the line about the connection says. */
  get banner(): Locator {
    return this.page.getByRole("status").filter({ hasText: "offline" });
  }

  async signUp(): Promise<void> {
    await this.page.goto(this.network.url);
    await this.page.getByRole("button", { name: "Create an account" }).click();
    await this.page.getByRole("textbox", { name: "Phone number" }).fill(this.phoneNumber);
    await this.page.getByRole("textbox", { name: "Nickname" }).fill(this.nickname);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.page.getByRole("button", { name: "Create account", exact: true }).click();
    await this.list.waitFor();
  }

  /** @param identity whose account it is */
  async signIn({ phoneNumber }: Identity = this): Promise<void> {
    await this.page.goto(this.network.url);
    await this.page.getByRole("textbox", { name: "Phone number" }).fill(phoneNumber);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await this.list.waitFor();
  }

  /** The same person in another tab. */
  on(page: Page): Person {
    return new Person(this, { ...this, page });
  }

  /** By the dialog; the conversation is open then. */
  async addContact({ nickname, phoneNumber }: Identity): Promise<void> {
    await this.page.getByRole("button", { name: "Add contact" }).click();
    const dialog = this.page.getByRole("dialog", { name: "Add a contact" });
    await dialog.getByRole("textbox", { name: "Phone number" }).fill(phoneNumber);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await this.conversation(nickname).waitFor();
  }

  async createGroup(name: string, members: readonly Identity[]): Promise<void> {
    await this.page.getByRole("button", { name: "New group" }).click();
    const dialog = this.page.getByRole("dialog", { name: "New group" });
    await dialog.getByRole("textbox", { name: "Group name" }).fill(name);
    for (const { nickname } of members) await dialog.getByRole("checkbox", { name: nickname }).check();
    await dialog.getByRole("button", { name: "Create group" }).click();
    await this.conversation(name).waitFor();
  }

  /** The button of a conversation in the list. */
  entry(name: string): Locator {
    return this.list.getByRole("button", { name: new RegExp(`^${name}\\b`) });
  }

  /** An open conversation. */
  conversation(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  async open(name: string): Promise<void> {
    await this.entry(name).click();
    await this.conversation(name).waitFor();
  }

  /** On a phone: from the conversation to the list. */
  async back(): Promise<void> {
    await this.page.getByRole("button", { name: "Back", exact: true }).click();
    await this.list.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Message", exact: true }).fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
  }

  /** @param words one or more words of a note, each without a blank */
  async write(...words: readonly string[]): Promise<void> {
    for (const word of words) await this.say(`note ${word}`);
  }

  /** A message of the open conversation. */
  message(word: string): Locator {
    const text = this.page.getByText(`note ${word}`, { exact: true });
    return this.messages.getByRole("listitem").filter({ has: text });
  }

  /** The words of all notes that are shown, from top to bottom. */
  async notes(): Promise<string[]> {
    const text = await this.messages.innerText();
    return [...text.matchAll(NOTE)].map(([note]) => note.slice("note ".length));
  }

  /** Resolves with the words of the notes as soon as there are as many. */
  sees(count: number, timeoutMs?: number): Promise<string[]> {
    const look = (): Promise<string[]> => this.notes();
    return until(`${this.nickname} sees ${count} notes`, look, (notes) => notes.length >= count, timeoutMs);
  }

  /** Goes up with the keyboard, so that older messages are loaded, until there are as many notes; resolves with their words. */
  readAll(count: number): Promise<string[]> {
    const look = async (): Promise<string[]> => {
      await this.messages.press("Home");
      return this.notes();
    };
    return until(`${this.nickname} finds ${count} notes`, look, (notes) => notes.length >= count, 60_000);
  }

  /** Resolves when what a screen reader says of a message has `words` in it. */
  async hears(word: string, words: string): Promise<void> {
    const look = (): Promise<string> => this.message(word).ariaSnapshot();
    await until(`note ${word} of ${this.nickname} is ${words}`, look, (said) => said.includes(words));
  }

  /** The same user at the same place in one more tab, which says that the chat is open in the first. */
  async secondTab(): Promise<Person> {
    const page = await this.context.newPage();
    await this.watch.watch(page);
    await page.goto(this.page.url());
    await page
      .getByText(/another tab/i)
      .first()
      .waitFor();
    return this.on(page);
  }

  /** A token of theirs, for the HTTP API. */
  async token(): Promise<string> {
    const { token } = await this.server.call("/login", { phone_number: this.phoneNumber, password: PASSWORD });
    return String(token);
  }

  /** Their id. */
  async userId(): Promise<string> {
    const { user_id } = await this.server.call("/login", { phone_number: this.phoneNumber, password: PASSWORD });
    return String(user_id);
  }
}
