import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeClientFrame,
  decodeServerFrames,
  encodeBatch,
  encodeClientFrame,
  encodeMessageBody,
  encodePush,
  encodeServerFrame,
} from "../../src/core/codec.js";
import { errorText, WIRE_CODES } from "../../src/core/errors.js";
import type { ServerFrame } from "../../src/core/frames.js";
import { clientFrames, ID_EDGES, items, messages, serverFrames } from "./arbitrary-frames.js";
import {
  base64,
  bytesOf,
  loadProto,
  plainItem,
  plainOfClient,
  plainOfServer,
  reflectDecode,
  reflectEncode,
} from "./reflection.js";

const RUNS = { numRuns: 400 };

function envelopeOf(frame: ServerFrame): { code: number; CodeMsg: string } {
  if (frame.kind === "nack") return { code: WIRE_CODES[frame.code], CodeMsg: frame.text };
  if (frame.kind !== "sync_page" || frame.code === null) return { code: 200, CodeMsg: "" };
  return { code: WIRE_CODES[frame.code], CodeMsg: errorText(frame.code) };
}

describe("The codec and the .proto files agree", () => {
  it("reads by reflection exactly what a client's frame says", () => {
    fc.assert(
      fc.property(clientFrames, (frame) => {
        const [cmd, type, values] = plainOfClient(frame);
        const input = reflectDecode("Input", encodeClientFrame(frame));
        expect(input.type).toBe(cmd);
        expect(reflectDecode(type, bytesOf(input.data))).toEqual(values);
      }),
      RUNS,
    );
  });

  it("decodes a client's frame that was written by reflection", () => {
    fc.assert(
      fc.property(clientFrames, (frame) => {
        const [cmd, type, values] = plainOfClient(frame);
        const bytes = reflectEncode("Input", { type: cmd, data: base64(reflectEncode(type, values)) });
        expect(decodeClientFrame(bytes)).toEqual(frame);
      }),
      RUNS,
    );
  });

  it("reads by reflection exactly what a server's frame says", () => {
    fc.assert(
      fc.property(serverFrames, (frame) => {
        const [cmd, type, values] = plainOfServer(frame);
        const { data, ...envelope } = reflectDecode("Output", encodeServerFrame(frame));
        expect(envelope).toEqual({ type: cmd, ...envelopeOf(frame) });
        expect(reflectDecode(type, bytesOf(data))).toEqual(values);
      }),
      RUNS,
    );
  });

  it("decodes server frames that were written by reflection, lone and in a batch", () => {
    fc.assert(
      fc.property(fc.array(serverFrames, { minLength: 1, maxLength: 3 }), (frames) => {
        const outputs = frames.map((frame) => {
          const [cmd, type, values] = plainOfServer(frame);
          const { code, CodeMsg } = envelopeOf(frame);
          return reflectEncode("Output", { type: cmd, code, CodeMsg, data: base64(reflectEncode(type, values)) });
        });
        const batch = reflectEncode("OutputBatch", { outputs: outputs.map(base64) });
        expect(decodeServerFrames(batch)).toEqual(frames);
        expect(outputs.flatMap((output) => decodeServerFrames(output))).toEqual(frames);
        expect(encodeBatch(outputs)).toEqual(new Uint8Array(batch));
      }),
      RUNS,
    );
  });

  it("starts every Output with 0x08 and every batch with 0x0A", () => {
    fc.assert(
      fc.property(serverFrames, (frame) => {
        const output = encodeServerFrame(frame);
        expect([output[0], encodeBatch([output])[0]]).toEqual([0x08, 0x0a]);
      }),
      RUNS,
    );
  });

  it.each(ID_EDGES)("brings the id %s through unchanged, in one field only", (id) => {
    const bytes = encodeClientFrame(uplinkTo(id));
    expect(decodeClientFrame(bytes)).toMatchObject({ receiver: id });
    const { msg } = reflectDecode("UpMsg", bytesOf(reflectDecode("Input", bytes).data));
    const numeric = id === "1" || id === "9007199254740991";
    expect(msg).toMatchObject({ receiver_id: numeric ? Number(id) : 0, receiver: numeric ? "" : id });
  });

  it("pushes the seqs at which a number takes one byte more", () => {
    const seqs = [1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 35, 2 ** 49, 2 ** 53 - 1];
    fc.assert(
      fc.property(messages, fc.constantFrom(...seqs), (message, seq) => {
        const output = reflectDecode("Output", encodePush(encodeMessageBody(message), seq));
        expect(output).toMatchObject({ type: 3, code: 200, CodeMsg: "" });
        expect(reflectDecode("PushMsg", bytesOf(output.data))).toEqual({ msg: plainItem({ seq, message }) });
      }),
      RUNS,
    );
  });

  it("I19: a message is the same bytes by push and by sync", () => {
    fc.assert(
      fc.property(items, (item) => {
        const nothing = { hasMore: false, throughSeq: 0, headSeq: 0, floorSeq: 0, syncEpoch: "", reset: false };
        const page = encodeServerFrame({ kind: "sync_page", code: null, items: [item], ...nothing });
        const push = encodePush(encodeMessageBody(item.message), item.seq);
        // Both hold exactly one field 1 with the message: PushMsg.msg and SyncOutputMsg.messages.
        expect(reflectDecode("Output", page).data).toBe(reflectDecode("Output", push).data);
      }),
      RUNS,
    );
  });

  it.each(["im.proto", "node.proto", "queue.proto"])("%s is a valid protobuf file of package pb", (name) => {
    const root = loadProto(name);
    root.resolveAll();
    expect(root.lookup("pb")).not.toBeNull();
  });

  it("keeps the service and the queue records of the original protocol", () => {
    const service = loadProto("node.proto").lookupService("pb.Connect");
    expect(Object.keys(service.methods)).toEqual(["DeliverMessage", "DeliverMessageAll", "Notify"]);
    const fields = loadProto("queue.proto").lookupType("pb.MQMessage").fieldsArray;
    expect(fields.map((field) => field.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

function uplinkTo(receiver: string) {
  const rest = { sender: "", sessionType: 1, type: 1, content: new Uint8Array(), clientTime: 0 };
  return { kind: "uplink" as const, clientId: 1, afterClientId: 0, receiver, ...rest };
}
