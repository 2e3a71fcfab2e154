import type { Chat } from "../chat.js";
import { showDialog } from "./dialog.js";
import { element } from "./element.js";
import { field } from "./field.js";
import { Form } from "./form.js";
import { peopleChoice } from "./people-choice.js";

/** Asks for a name and for people, and makes a group of them. @param done called with the key of the conversation */
export function showGroupDialog(chat: Chat, done: (key: string) => void): void {
  const name = field("group-name", "Group name", { required: true, maxlength: 100, autocomplete: "off" });
  const people = peopleChoice("People", chat.state.friends, "Add contacts first; then you can take them into a group.");
  const create = element("button", { type: "submit", class: "button button--main" }, "Create group");
  const form = new Form([name.node, people.node], [create], async () => {
    const key = await chat.createGroup(name.input.value, people.chosen());
    dialog.close();
    done(key);
  });
  const dialog = showDialog("New group", [form.node]);
  name.input.focus();
}
