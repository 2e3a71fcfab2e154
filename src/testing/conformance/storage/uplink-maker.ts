import type { Uplink } from "../../../adapters/contracts/index.js";
import { encodeText } from "../../../core/bytes.js";
import { messageIdOf, type UserId } from "../../../core/model.js";

/** What a case says about its uplink; `to` is short for a single chat. */
export type UplinkParts = Partial<Uplink> & { readonly to?: UserId };

const ORIGIN = "a11ce00000000001";

/** 14 November 2023; nothing depends on the day. */
const BEGIN = 1_700_000_000_000;

/** Makes uplinks with ids and times of their own. */
export class UplinkMaker {
  #count = 0;

  /** An uplink nobody has seen: ann to bob, under no epoch, with no predecessor, unless `parts` say otherwise. */
  make({ to = "bob", ...parts }: UplinkParts): Uplink {
    const number = ++this.#count;
    return {
      messageId: messageIdOf(ORIGIN, number),
      afterId: null,
      senderId: "ann",
      target: { kind: "single", id: to },
      type: 1,
      content: encodeText(`message ${number}`),
      clientTime: BEGIN + number,
      serverTime: BEGIN + 1_000 + number,
      syncEpoch: null,
      refuse: null,
      ...parts,
    };
  }
}
