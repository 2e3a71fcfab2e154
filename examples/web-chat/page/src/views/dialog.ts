import { element } from "./element.js";
import { iconButton } from "./icon-button.js";

/** Shows a dialog until it is closed; the browser keeps the focus in it, and Escape closes it. */
export function showDialog(title: string, content: readonly Node[]): { close: () => void } {
  const close = (): void => dialog.close();
  const heading = element("h2", { id: "dialog-title" }, title);
  const head = element("header", { class: "dialog__head" }, heading, iconButton("close", "Close", close));
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, head, ...content);
  dialog.addEventListener("close", () => dialog.remove());
  // A click beside it closes it, too: there the dialog itself is hit, inside it something of its content.
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  return { close };
}
