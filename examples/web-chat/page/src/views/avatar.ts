import { element } from "./element.js";
import { icon } from "./icon.js";

/** How many colours styles/avatar.css has. */
const COLOURS = 6;

/** A coloured disc with somebody's initials, or the sign of a group. */
export function avatar(kind: "single" | "group", id: string, name: string): HTMLElement {
  const face = kind === "group" ? icon("group") : initialsOf(name);
  return element("span", { class: `avatar avatar--${colourOf(id)}`, "aria-hidden": "true" }, face);
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("");
}

/** The same colour for the same id, on every device. */
function colourOf(id: string): number {
  return [...id].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 997, 7) % COLOURS;
}
