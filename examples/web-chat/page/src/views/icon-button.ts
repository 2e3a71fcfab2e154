import { element, hiddenText } from "./element.js";
import { type IconName, icon } from "./icon.js";

/** A button that shows a drawing and is called `name`. */
export function iconButton(drawing: IconName, name: string, act: () => void): HTMLButtonElement {
  const attributes = { type: "button", class: "icon-button", title: name, onclick: act };
  return element("button", attributes, icon(drawing), hiddenText(name));
}
