import { count } from "../words.js";
import { element, hiddenText } from "./element.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";

/** Longest text that can be sent, characters; far below the server's limit in bytes. */
const MAX_CHARACTERS = 10_000;
/** What older browsers say instead of a key while one character is composed of several. */
const COMPOSING = 229;

/** What a composer hands on. */
export interface ComposerActions {
  /** Whoever takes it gives it back by {@link Composer.draft} when it could not even be kept. */
  readonly sendText: (text: string) => void;
  readonly sendPicture: (file: Blob) => void;
  /** It could not be sent, as a sentence. */
  readonly failed: (text: string) => void;
}

/** Where messages are written. Enter sends, Shift+Enter begins a line; pictures can be chosen, pasted and dropped. */
export class Composer {
  readonly node: HTMLFormElement;
  readonly #actions: ComposerActions;
  readonly #text = element("textarea", {
    ...{ class: "composer__text", "aria-label": "Message", placeholder: "Message", rows: 1, dir: "auto" },
    ...{ enterkeyhint: "send", autocomplete: "off" },
  });
  readonly #file = element("input", {
    ...{ type: "file", accept: "image/*", "aria-label": "Picture", class: "visually-hidden", tabindex: -1 },
  });

  constructor(actions: ComposerActions) {
    this.#actions = actions;
    const choose = iconButton("picture", "Send a picture", () => this.#file.click());
    const send = element("button", { type: "submit", class: "icon-button icon-button--main", title: "Send" });
    send.append(icon("send"), hiddenText("Send"));
    this.node = element("form", { class: "composer" }, choose, this.#file, this.#text, send);
    this.#listen();
  }

  /** What is written and not sent. */
  get draft(): string {
    return this.#text.value;
  }

  set draft(text: string) {
    this.#text.value = text;
    this.#fit();
  }

  focus(): void {
    this.#text.focus({ preventScroll: true });
  }

  #listen(): void {
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#fit());
    this.#text.addEventListener("keydown", (event) => this.#typed(event));
    this.#text.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    this.node.addEventListener("dragover", (event) => event.preventDefault());
    this.node.addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
    this.#file.addEventListener("change", () => {
      const files = [...(this.#file.files ?? [])];
      this.#file.value = "";
      for (const file of files) this.#actions.sendPicture(file);
    });
  }

  #typed(event: KeyboardEvent): void {
    // While a character is composed of several keys, Enter belongs to that; on a touch screen there is no other key for a new line.
    const isComposing = event.isComposing || event.keyCode === COMPOSING;
    const isSending = event.key === "Enter" && !event.shiftKey && !isComposing;
    if (!isSending || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.#send();
  }

  #take(event: Event, data: DataTransfer | null): void {
    const pictures = [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
    if (pictures.length === 0) return;
    event.preventDefault();
    for (const picture of pictures) this.#actions.sendPicture(picture);
  }

  #send(): void {
    const text = this.draft.trim();
    this.focus();
    if (text === "") return;
    const tooMany = text.length - MAX_CHARACTERS;
    if (tooMany > 0) return this.#actions.failed(`This is ${count(tooMany, "character")} too long for one message.`);
    this.draft = "";
    this.#actions.sendText(text);
  }

  /** As high as its text, up to what the stylesheet allows. */
  #fit(): void {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }
}
