import type { Chat } from "../chat.js";
import { showDialog } from "./dialog.js";
import { element } from "./element.js";
import { field } from "./field.js";
import { Form } from "./form.js";

/** Asks for a phone number and makes friends with whoever has it. @param done called with the key of the conversation */
export function showContactDialog(chat: Chat, done: (key: string) => void): void {
  const attributes = { type: "tel", required: true, autocomplete: "off", maxlength: 40 };
  const phone = field(
    "contact-phone",
    "Phone number",
    attributes,
    "With its country code, as your friend wrote it at sign-up.",
  );
  const add = element("button", { type: "submit", class: "button button--main" }, "Add");
  const form = new Form([phone.node], [add], async () => {
    const key = await chat.addContact(phone.input.value);
    dialog.close();
    done(key);
  });
  const dialog = showDialog("Add a contact", [form.node]);
  phone.input.focus();
}
