/** Text, a node, or nothing. Text is never read as HTML. */
export type Child = Node | string | null;

/** `on…` functions listen; `true` is an attribute without a value; `false` and `null` leave it out. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>;

/** Makes an element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Text only for those who listen to the page instead of looking at it. */
export function hiddenText(text: string): HTMLSpanElement {
  return element("span", { class: "visually-hidden" }, text);
}

/** Sets a text, and touches the page only when it is another one. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
