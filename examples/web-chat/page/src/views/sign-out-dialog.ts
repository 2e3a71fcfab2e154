import { count } from "../words.js";
import { showDialog } from "./dialog.js";
import { element } from "./element.js";
import { Form } from "./form.js";

/** Asks before signing out while messages wait: they go out only when this user is back in this browser. */
export function showSignOutDialog(waiting: number, signOut: () => void): void {
  const what = `${count(waiting, "message")} ${waiting === 1 ? "is" : "are"} not sent yet.`;
  const text = element("p", {}, `${what} What waits stays in this browser and is sent when you sign in here again.`);
  const leave = element("button", { type: "submit", class: "button button--danger" }, "Sign out anyway");
  const form = new Form([text], [leave], async () => {
    dialog.close();
    signOut();
  });
  const dialog = showDialog("Sign out?", [form.node]);
}
