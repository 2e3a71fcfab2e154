import { setText } from "./element.js";

/** Says things to those who listen to the page. */
export class Announcer {
  readonly #node: Element;

  /** @param node a polite live region */
  constructor(node: Element) {
    this.#node = node;
  }

  /** Said when the screen reader has finished its sentence. */
  say(text: string): void {
    setText(this.#node, "");
    setText(this.#node, text);
  }
}
