import { element } from "./element.js";

/** How long a word about trouble stays, ms. */
const SHOWN_MS = 8_000;

/** Short words about something that did not work, at the edge of the page. */
export class Toasts {
  readonly node = element("div", { class: "toasts", role: "alert" });

  show(text: string): void {
    const toast = element("p", { class: "toast" }, text);
    this.node.append(toast);
    setTimeout(() => toast.remove(), SHOWN_MS);
  }
}
