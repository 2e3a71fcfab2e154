import { encodeText } from "../../../core/bytes.js";
import { MAX_MESSAGE_TYPE } from "../../../core/model.js";
import { assertBytes, assertEqual } from "../assert.js";
import { freshOf } from "./outcomes.js";
import { readOnly } from "./read-all.js";
import type { StorageBench } from "./storage-bench.js";
import type { StorageCases } from "./storage-cases.js";

const CONTENTS: Readonly<Record<string, Uint8Array>> = {
  empty: new Uint8Array(0),
  "one NUL": Uint8Array.of(0),
  "text with a NUL inside": encodeText("before\0after"),
  "all 256 bytes": Uint8Array.from({ length: 256 }, (_, byte) => byte),
  "bytes that are no UTF-8": Uint8Array.of(0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80),
  "text beyond the basic plane": encodeText("schön 😀 \u2028 e\u0301"),
  "trailing spaces and line ends": encodeText(" a \r\n\t "),
  "quotes and backslashes": encodeText(`'"\`\\'; -- %s $1 ?`),
  "32 KiB": Uint8Array.from({ length: 32_768 }, (_, index) => (index * 7) & 0xff),
};

/** Contents, times and types come back as they were given. */
export const contentCases: StorageCases = (add) => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    add(`I19: content is stored as given: ${name}`, (bench) => assertKept(bench, content));
  }

  add("I19: content that is a view of a larger buffer is stored alone", async (bench) => {
    await assertKept(bench, Uint8Array.from({ length: 64 }, (_, index) => index).subarray(10, 20));
  });

  add("I19: content does not change when its buffer is used again after the commit", async (bench) => {
    const content = encodeText("first");
    const { message } = freshOf(await bench.commitOne({ content }));
    content.fill(0x78);
    assertBytes((await readOnly(bench.storage, "bob")).content, encodeText("first"), "content read");
    assertBytes(message.content, encodeText("first"), "content told");
  });

  for (const clientTime of [0, 1, 253_402_300_800_000, Number.MAX_SAFE_INTEGER]) {
    add(`U16: a client's clock at ${clientTime} is kept as said and hurts nobody`, async (bench) => {
      const uplinks = [bench.uplink({ to: "bob", clientTime }), bench.uplink({ to: "cid" })];
      await bench.commit(...uplinks);
      assertEqual((await readOnly(bench.storage, "bob")).clientTime, clientTime, "clientTime");
      assertEqual(await bench.head("cid"), 1, "head of another receiver in the same batch");
    });
  }

  for (const type of [1, 999, 1_000, MAX_MESSAGE_TYPE]) {
    add(`a message of type ${type} keeps its type`, async (bench) => {
      await bench.commitOne({ type });
      assertEqual((await readOnly(bench.storage, "bob")).type, type, "type");
    });
  }
};

async function assertKept(bench: StorageBench, content: Uint8Array): Promise<void> {
  const { message } = freshOf(await bench.commitOne({ content }));
  assertBytes(message.content, content, "content told");
  assertBytes((await readOnly(bench.storage, "bob")).content, content, "content in the receiver's inbox");
  assertBytes((await readOnly(await bench.another(), "ann")).content, content, "content in the sender's inbox");
}
