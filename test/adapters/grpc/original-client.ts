import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import type protobuf from "protobufjs";
import { loadProto } from "../../wire/reflection.js";

/** A program of the original protocol, with protobufjs and the protocol's file instead of code of ours: it knows an address and the two unary calls. */
export class OriginalClient {
  readonly #client: Client;
  readonly #types = loadProto("node.proto");

  constructor(address: string, creds = credentials.createInsecure()) {
    this.#client = new Client(address, creds, { "grpc.ssl_target_name_override": "node.chat.example" });
  }

  /** The number of the status; 0 is success. */
  deliver(receiver: string, data: Uint8Array): Promise<number> {
    return this.#call("DeliverMessage", "pb.DeliverMessageReq", { receiver_id: receiver, data });
  }

  deliverAll(data: Readonly<Record<string, Uint8Array>>): Promise<number> {
    return this.#call("DeliverMessageAll", "pb.DeliverMessageAllReq", { receiver_id_2_data: data });
  }

  close(): void {
    this.#client.close();
  }

  #call(method: string, typeName: string, value: Readonly<Record<string, unknown>>): Promise<number> {
    const type = this.#types.lookupType(typeName);
    const encode = (message: protobuf.Message): Buffer => Buffer.from(type.encode(message).finish());
    return new Promise((resolve) => {
      const answer = (error: ServiceError | null): void => resolve(error === null ? 0 : error.code);
      const path = `/pb.Connect/${method}`;
      this.#client.makeUnaryRequest(path, encode, (bytes) => bytes, type.fromObject(value), new Metadata(), {}, answer);
    });
  }
}
