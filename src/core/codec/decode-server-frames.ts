import { ImError, WIRE_OK, wireCodeName } from "../errors.js";
import type { PushFrame, ServerFrame, SyncPageFrame } from "../frames.js";
import { decodeAck } from "./decode-ack.js";
import { decoding, FieldReader } from "./field-reader.js";
import { decodeItem } from "./message.js";
import { GO_AWAY_MSG, HEARTBEAT_MSG, KICK_MSG, OUTPUT, type Output, PUSH_MSG, SYNC_OUTPUT_MSG } from "./messages.js";
import { CMD } from "./proto-numbers.js";

/** First byte of an OutputBatch: field 1, bytes. */
const BATCH = 0x0a;
/** First byte of a lone Output: field 1, a number. */
const LONE_OUTPUT = 0x08;

/**
 * Reads one WebSocket message of a server, in order: an OutputBatch or, from an original server, one Output.
 * Commands and acknowledgements nobody here knows are left out: a newer server may send them. Nothing in the result
 * shares memory with `input`. Throws `invalid_argument` when the bytes are neither of the two or damaged.
 */
export function decodeServerFrames(input: Uint8Array): ServerFrame[] {
  if (input[0] === BATCH) return decoding("OutputBatch", () => decodeBatch(input));
  if (input[0] === LONE_OUTPUT) return decoding("Output", () => decodeFrame(input));
  throw new ImError("invalid_argument", {
    message: `a server's message starts with byte 8 or 10, got ${input[0] ?? "no bytes"}`,
  });
}

function decodeBatch(input: Uint8Array): ServerFrame[] {
  const fields = new FieldReader(input, "OutputBatch");
  const frames: ServerFrame[] = [];
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === 1) frames.push(...decodeFrame(fields.view()));
    else fields.skip();
  }
  return frames;
}

/** One frame, or none for what is unknown. */
function decodeFrame(input: Uint8Array): ServerFrame[] {
  const frame = decodeKnown(OUTPUT.read(input));
  return frame === null ? [] : [frame];
}

function decodeKnown(output: Output): ServerFrame | null {
  switch (output.type) {
    case CMD.ack:
      return decodeAck(output);
    case CMD.message:
      return decodePush(output.data);
    case CMD.sync:
      return decodeSyncPage(output);
    case CMD.heartbeat:
      return { kind: "heartbeat", ...HEARTBEAT_MSG.read(output.data), cursor: 0 };
    case CMD.goAway:
      return { kind: "go_away", ...GO_AWAY_MSG.read(output.data) };
    case CMD.kick:
      return { kind: "kick", ...KICK_MSG.read(output.data) };
    default:
      return null;
  }
}

function decodePush(data: Uint8Array): PushFrame {
  const { msg } = PUSH_MSG.read(data);
  if (msg === null) throw new ImError("invalid_argument", { message: "PushMsg has no msg" });
  return { kind: "push", item: decodeItem(msg) };
}

function decodeSyncPage({ code, data }: Output): SyncPageFrame {
  const ok = code === WIRE_OK;
  const { messages, ...same } = SYNC_OUTPUT_MSG.read(ok ? data : new Uint8Array());
  return { kind: "sync_page", code: ok ? null : wireCodeName(code), items: messages.map(decodeItem), ...same };
}
