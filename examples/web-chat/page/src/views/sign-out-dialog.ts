import type { Outgoing } from "../state/outgoing.js";
import { count } from "../words.js";
import { showDialog } from "./dialog.js";
import { element } from "./element.js";
import { Form } from "./form.js";

/** Asks before signing out while something is not sent. */
export function showSignOutDialog({ waiting, undecided }: Outgoing, signOut: () => void): void {
  const parts = [
    waiting > 0 ? `${count(waiting, "message")} ${waiting === 1 ? "waits" : "wait"} to be sent.` : "",
    undecided > 0 ? `${count(undecided, "message")} ${undecided === 1 ? "was" : "were"} refused.` : "",
    "They stay in this browser until you sign in here again.",
  ];
  const text = element("p", {}, parts.filter(Boolean).join(" "));
  const leave = element("button", { type: "submit", class: "button button--danger" }, "Sign out anyway");
  const form = new Form([text], [leave], async () => {
    dialog.close();
    signOut();
  });
  const dialog = showDialog("Sign out?", [form.node]);
}
