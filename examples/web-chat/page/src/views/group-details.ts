import type { Chat } from "../chat.js";
import type { Member } from "../model.js";
import type { Conversation } from "../state/conversation.js";
import { avatar } from "./avatar.js";
import { showDialog } from "./dialog.js";
import { element } from "./element.js";
import { Form } from "./form.js";
import { peopleChoice } from "./people-choice.js";

/** Who is in a group; taking more people in, and leaving. */
export async function showGroupDetails(chat: Chat, conversation: Conversation): Promise<void> {
  const { id } = conversation.address;
  const members = await chat.members(id);
  const mine = members.find(({ userId }) => userId === chat.state.me.userId);
  const list = element(
    "ul",
    { class: "members", "aria-label": "Members" },
    ...members.map((one) => memberLine(one, mine?.userId)),
  );
  const mayAdd = mine?.role === "owner" || mine?.role === "admin";
  const dialog = showDialog(chat.state.titleOf(conversation), [
    list,
    ...(mayAdd ? [addForm(chat, id, members, () => dialog.close())] : []),
    leaveForm(chat, id, () => dialog.close()),
  ]);
}

function memberLine({ userId, nickname, role }: Member, ownId: string | undefined): HTMLElement {
  const name = userId === ownId ? `${nickname} (you)` : nickname;
  const rank = role === "member" ? null : element("span", { class: "person__role" }, role);
  return element("li", { class: "person" }, avatar("single", userId, nickname), element("span", {}, name), rank);
}

function addForm(chat: Chat, groupId: string, members: readonly Member[], done: () => void): HTMLElement {
  const inside = new Set(members.map(({ userId }) => userId));
  const outside = chat.state.friends.filter(({ userId }) => !inside.has(userId));
  const people = peopleChoice("Add people", outside, "All your contacts are in this group.");
  const add = element("button", { type: "submit", class: "button", disabled: outside.length === 0 }, "Add people");
  const form = new Form([people.node], [add], async () => {
    if (people.chosen().length === 0) throw new Error("Choose somebody first.");
    await chat.addMembers(groupId, people.chosen());
    done();
  });
  return form.node;
}

/** Asks before leaving: who has left cannot come back without being added. */
function leaveForm(chat: Chat, groupId: string, done: () => void): HTMLElement {
  const warning = element("p", { role: "status" });
  const leave = element("button", { type: "submit", class: "button button--danger" }, "Leave group");
  const form = new Form([warning], [leave], async () => {
    if (warning.textContent === "") {
      warning.textContent = "You get none of its messages any more, and only its members can add you again.";
      leave.textContent = "Leave for good";
      return;
    }
    await chat.leave(groupId);
    done();
  });
  return form.node;
}
