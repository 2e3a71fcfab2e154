import { element } from "./element.js";

/** How long a line stays for a screen reader to find it, ms. */
const KEPT_MS = 10_000;

/** Says things to those who listen to the page, one after the other. */
export class Announcer {
  readonly #node: Element;

  /** @param node a polite live region */
  constructor(node: Element) {
    this.#node = node;
  }

  /** Said when the screen reader has finished its sentence; also when it is the same as before. */
  say(text: string): void {
    const line = element("p", {}, text);
    this.#node.append(line);
    setTimeout(() => line.remove(), KEPT_MS);
  }
}
