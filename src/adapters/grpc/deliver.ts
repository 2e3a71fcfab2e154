import { decoding } from "../../core/codec/field-reader.js";
import { ImError } from "../../core/errors.js";
import type { UserId } from "../../core/model.js";
import type { NodeRpcHost } from "../contracts/node-rpc.js";
import { DELIVER, DELIVER_ALL, DELIVER_ENTRY } from "./connect-service.js";

/** Something for a user. */
export interface Delivery {
  readonly userId: UserId;
  /** An encoded `Output`. */
  readonly output: Uint8Array;
}

/** What a `DeliverMessageReq` says. Errors: `invalid_argument`. */
export function decodeDelivery(request: Uint8Array): Delivery[] {
  return [decoding("DeliverMessageReq", () => deliveryOf(DELIVER.read(request)))];
}

/** What a `DeliverMessageAllReq` says. Errors: `invalid_argument`. */
export function decodeDeliveries(request: Uint8Array): Delivery[] {
  return decoding("DeliverMessageAllReq", () =>
    DELIVER_ALL.read(request).entries.map((entry) => deliveryOf(DELIVER_ENTRY.read(entry))),
  );
}

/** Brings each to the host. Returns how many of the users are connected here. */
export function deliverAll(deliveries: readonly Delivery[], host: Pick<NodeRpcHost, "deliver">): number {
  return deliveries.filter(({ userId, output }) => host.deliver(userId, output)).length;
}

function deliveryOf({ receiverId, data }: { readonly receiverId: number; readonly data: Uint8Array }): Delivery {
  if (receiverId === 0) throw new ImError("invalid_argument", { message: "receiver_id is missing" });
  return { userId: String(receiverId), output: data };
}
