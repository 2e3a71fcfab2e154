import type { InboxPage } from "../../adapters/contracts/index.js";
import { encodeMessageBody, encodePush } from "../../core/codec.js";
import { type Message, originOf, type Seq } from "../../core/model.js";
import type { PumpItem, PumpPage } from "../connections/pump.js";

/** A message ready for any number of inboxes: encoded once, when the first recipient needs it; only the seq differs. */
export class EncodedItem implements PumpItem {
  readonly #message: Message;
  #body: Uint8Array | null = null;

  constructor(message: Message) {
    this.#message = message;
  }

  get origin(): string {
    return originOf(this.#message.messageId);
  }

  encode(seq: Seq): Uint8Array {
    this.#body ??= encodeMessageBody(this.#message);
    return encodePush(this.#body, seq);
  }
}

/** A page of an inbox as a pump takes it. */
export function encodePage(page: InboxPage): PumpPage {
  return { ...page, items: page.items.map(({ seq, message }) => ({ seq, item: new EncodedItem(message) })) };
}
