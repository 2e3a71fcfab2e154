import { element } from "./element.js";
import { iconButton } from "./icon-button.js";

/** Shows a dialog until it is closed; the browser keeps the focus in it, and Escape closes it. */
export function showDialog(title: string, content: readonly Node[]): { close: () => void } {
  const close = (): void => dialog.close();
  const heading = element("h2", { id: "dialog-title" }, title);
  const head = element("header", { class: "dialog__head" }, heading, iconButton("close", "Close", close));
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, head, ...content);
  dialog.addEventListener("close", () => dialog.remove());
  // A press beside it closes it, too; one that begins inside, to select a text, does not.
  dialog.addEventListener("pointerdown", (event) => isBeside(dialog, event) && close());
  document.body.append(dialog);
  dialog.showModal();
  return { close };
}

/** Closes what is open: nothing of it belongs to the page that comes now. */
export function closeDialogs(): void {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}

/** The ground around a dialog belongs to it as far as events are concerned. */
function isBeside(dialog: HTMLDialogElement, { target, clientX, clientY }: PointerEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}
