import type { Person } from "../model.js";
import { avatar } from "./avatar.js";
import { element } from "./element.js";

/** People to choose from, one box each. */
export interface PeopleChoice {
  readonly node: HTMLElement;
  /** Ids of those that are chosen. */
  chosen(): readonly string[];
}

/** @param nobody what to say when there is nobody to choose */
export function peopleChoice(label: string, people: readonly Person[], nobody: string): PeopleChoice {
  const boxes = people.map(({ userId }) => element("input", { type: "checkbox", value: userId }));
  const lines = people.map(({ userId, nickname }, index) =>
    element(
      "label",
      { class: "person" },
      boxes[index] as HTMLInputElement,
      avatar("single", userId, nickname),
      element("span", {}, nickname),
    ),
  );
  const empty = people.length > 0 ? null : element("p", { class: "field__hint" }, nobody);
  const legend = element("legend", { class: "field__label" }, label);
  return {
    node: element("fieldset", { class: "people" }, legend, empty, ...lines),
    chosen: () => boxes.filter(({ checked }) => checked).map(({ value }) => value),
  };
}
