/** The service `pb.Connect` of `proto/node.proto`. Everything travels as bytes; who takes them decodes them. */

import type { MethodDefinition } from "@grpc/grpc-js";
import { bool, bytes, messages, uint } from "../../core/codec/field-kinds.js";
import { Schema } from "../../core/codec/schema.js";

/** Under this name a stream of `Notify` tells the id of the node it means, as bytes. Another node refuses it. */
export const TARGET_KEY = "shyim-node-bin";

/** The messages. */
export const DELIVER = new Schema("DeliverMessageReq", { receiverId: [1, uint], data: [2, bytes] });
export const DELIVER_ALL = new Schema("DeliverMessageAllReq", { entries: [1, messages] });
export const DELIVER_ENTRY = new Schema("DeliverMessageAllReq.entry", { receiverId: [1, uint], data: [2, bytes] });
export const REPLY = new Schema("NoticeReply", { taken: [1, bool] });

type Method = MethodDefinition<Uint8Array, Uint8Array>;

/** The methods, as the package wants them. */
export const CONNECT_SERVICE = {
  DeliverMessage: methodOf("DeliverMessage", false),
  DeliverMessageAll: methodOf("DeliverMessageAll", false),
  Notify: methodOf("Notify", true),
} satisfies Readonly<Record<string, Method>>;

function methodOf(name: string, isStream: boolean): Method {
  return {
    path: `/pb.Connect/${name}`,
    requestStream: isStream,
    responseStream: isStream,
    requestSerialize: asBuffer,
    requestDeserialize: asBytes,
    responseSerialize: asBuffer,
    responseDeserialize: asBytes,
  };
}

function asBuffer(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** No `Buffer`: its `slice` does not copy, whatever those expect who take a `Uint8Array`. */
function asBytes({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
