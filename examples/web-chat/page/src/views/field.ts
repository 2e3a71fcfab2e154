import { type Attributes, element } from "./element.js";

/** A text field with its label and, if any, a line that explains it. */
export interface Field {
  readonly node: HTMLElement;
  readonly input: HTMLInputElement;
}

/** @param id of the field, unique on the page */
export function field(id: string, label: string, attributes: Attributes, hint: string | null = null): Field {
  const described: Attributes = hint === null ? {} : { "aria-describedby": `${id}-hint` };
  const input = element("input", { id, name: id, class: "field__input", ...described, ...attributes });
  const explained = hint === null ? null : element("p", { id: `${id}-hint`, class: "field__hint" }, hint);
  const name = element("label", { for: id, class: "field__label" }, label);
  return { input, node: element("div", { class: "field" }, name, input, explained) };
}
