import { showDialog } from "./dialog.js";
import { element } from "./element.js";

/** Shows a picture as large as the window. */
export function showPicture(url: string, description: string): void {
  showDialog(description, [element("img", { src: url, alt: description, class: "dialog__picture" })]);
}
