import { pictureType } from "../picture.js";
import { timeText } from "../words.js";
import { element, hiddenText } from "./element.js";
import { type IconName, icon } from "./icon.js";
import type { View } from "./keyed-list.js";
import type { Delivery, MessageRow, Row } from "./rows.js";

/** What can be done with a message. */
export interface BubbleActions {
  /** Writes a refused message again. */
  readonly retry: (clientId: number) => void;
  /** Gives a refused message up. */
  readonly discard: (clientId: number) => void;
  /** Shows a picture large. */
  readonly enlarge: (url: string, description: string) => void;
}

const DELIVERY: Readonly<Record<Delivery, readonly [IconName, text: string]>> = {
  waiting: ["clock", "waiting"],
  sending: ["clock", "sending"],
  sent: ["check", "sent"],
  refused: ["warning", "not sent"],
};

/** A line of the conversation. Of one that stays, only the delivery and who it is by can change. */
export function rowView(row: Row, actions: BubbleActions): View<Row> {
  return row.kind === "message" ? messageView(row, actions) : lineView(row.kind);
}

function lineView(kind: Row["kind"]): View<Row> {
  const text = element("span");
  return {
    node: element("li", { class: `line line--${kind}` }, text),
    update: (row) => {
      if (row.kind !== "message") text.textContent = row.text;
    },
  };
}

function messageView(first: MessageRow, actions: BubbleActions): View<Row> {
  const author = element("p", { class: "message__author" });
  const delivery = element("span", { class: "message__delivery" });
  const refusal = element("div", { class: "message__refusal" });
  const picture = first.picture === null ? null : pictureOf(first, first.picture, actions.enlarge);
  const time = element("time", { datetime: new Date(first.at).toISOString() }, timeText(first.at));
  const body = picture?.node ?? element("p", { class: "bubble__text", dir: "auto" }, first.text);
  const foot = element("span", { class: "bubble__foot" }, time, delivery);
  const shape = `bubble${picture === null ? "" : " bubble--picture"}`;
  const node = element("li", {}, author, element("div", { class: shape }, body, foot), refusal);
  let shown = "";
  return {
    node,
    update: (row) => {
      // Of the same look it stays as it is: a button that somebody is about to press must not be made anew.
      const look = row.kind === "message" ? lookOf(row) : shown;
      if (look === shown || row.kind !== "message") return;
      shown = look;
      node.className = classesOf(row);
      author.replaceChildren(row.showsAuthor ? row.author : hiddenText(row.isOwn ? "You" : row.author));
      delivery.replaceChildren(...deliveryOf(row.delivery));
      refusal.replaceChildren(...refusalOf(row.refusal, actions));
    },
    ...(picture === null ? {} : { remove: picture.remove }),
  };
}

function lookOf({ author, showsAuthor, startsRun, delivery, refusal }: MessageRow): string {
  return JSON.stringify([author, showsAuthor, startsRun, delivery, refusal]);
}

function classesOf({ isOwn, startsRun, delivery }: MessageRow): string {
  const classes = ["message", isOwn ? "message--own" : "message--other", startsRun ? "message--first" : ""];
  return [...classes, delivery === null ? "" : `message--${delivery}`].filter(Boolean).join(" ");
}

function deliveryOf(delivery: Delivery | null): readonly Node[] {
  if (delivery === null) return [];
  const [drawing, text] = DELIVERY[delivery];
  return [icon(drawing), hiddenText(text)];
}

function refusalOf(refusal: MessageRow["refusal"], { retry, discard }: BubbleActions): readonly Node[] {
  if (refusal === null) return [];
  const { reason, clientId } = refusal;
  return [
    element("span", {}, `Not sent: ${reason}.`),
    element("button", { type: "button", class: "link", onclick: () => retry(clientId) }, "Try again"),
    element("button", { type: "button", class: "link", onclick: () => discard(clientId) }, "Discard"),
  ];
}

/** A picture somebody sent: shown only if its first bytes say that it is one. */
function pictureOf(row: MessageRow, content: Uint8Array, enlarge: BubbleActions["enlarge"]) {
  const type = pictureType(content);
  if (type === null) return { node: element("p", { class: "bubble__text" }, "A picture that cannot be shown"), remove };
  const url = URL.createObjectURL(new Blob([content.slice()], { type }));
  const description = row.isOwn ? "Picture you sent" : `Picture from ${row.author}`;
  const image = element("img", { src: url, alt: description, class: "bubble__image" });
  const show = (): void => enlarge(url, description);
  const node = element("button", { type: "button", class: "bubble__picture", title: "Enlarge", onclick: show }, image);
  return { node, remove: () => URL.revokeObjectURL(url) };
}

function remove(): void {}
