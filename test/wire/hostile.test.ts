import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../src/core/bytes.js";
import {
  decodeClientFrame,
  decodeServerFrames,
  encodeBatch,
  encodeClientFrame,
  encodeServerFrame,
} from "../../src/core/codec.js";
import { isImError } from "../../src/core/errors.js";
import type { UplinkFrame } from "../../src/core/frames.js";
import { clientFrames, serverFrames } from "./arbitrary-frames.js";

const RUNS = { numRuns: 2000 };

/** What a decoder made of bytes: its result, or its error, which must be the one kind allowed. */
function outcomeOf(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): string {
  try {
    decode(bytes);
    return "decoded";
  } catch (error) {
    return isImError(error, "invalid_argument") ? error.message : `broken by ${String(error)}`;
  }
}

const clientOutcome = (hex: string): string => outcomeOf(decodeClientFrame, fromHex(hex));
const serverOutcome = (hex: string): string => outcomeOf(decodeServerFrames, fromHex(hex));

/** One change to valid bytes: a byte set, a stretch cut out, doubled or put in. */
const mutation = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("set", "cut", "double", "insert", "end"),
  byte: fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x7f, 0x80, 0xff)),
  length: fc.integer({ min: 1, max: 12 }),
});

type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(bytes: Uint8Array, { at, kind, byte, length }: Mutation): Uint8Array {
  const list = Array.from(bytes);
  const place = at % (list.length + 1);
  if (kind === "set") list[place] = byte;
  else if (kind === "cut") list.splice(place, length);
  else if (kind === "double") list.splice(place, 0, ...list.slice(place, place + length));
  else if (kind === "insert") list.splice(place, 0, ...Array.from({ length }, () => byte));
  else list.length = place;
  return Uint8Array.from(list);
}

const mutated = (valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(valid, fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([bytes, list]) => list.reduce(mutate, bytes));

describe("Bytes of a stranger", () => {
  it("B4: the six bytes of an UpMsg without msg are refused", () => {
    expect(clientOutcome("080312021001")).toBe("UpMsg has no msg");
  });

  it.each([
    ["nothing at all", "", "Input has type 0"],
    ["a type nobody knows", "0863", "Input has type 99"],
    ["history, which is not served yet", "0809", "Input has type 9"],
    ["a server's command", "0806", "Input has type 6"],
    ["a clientId of 0", "080312040a020801", "UpMsg has no clientId"],
    ["an acknowledgement of something else", "080412020801", "ACKMsg has type 1"],
    ["a field that ends too early", "08031204", "Input has a field 2 cut short"],
    ["a number that ends too early", "08021202508f", "HeartbeatMsg has an unfinished number in field 10"],
    ["rubbish behind the frame", "0802ff", "Input has an unfinished number"],
    ["field number 0", "0802000f", "Input has a field number 0"],
    ["a string where a number belongs", "0a0102", "Input has wire type 2 in field 1, expected 0"],
    ["a number where bytes belong", "08021001", "Input has wire type 0 in field 2, expected 2"],
    ["a cursor of 2^53", "0802120950808080808080" + "8010", "HeartbeatMsg has a number above 2^53 - 1 in field 10"],
    ["a cursor of 2^64 - 1", "0802120b50ffffffffffffffffff01", "HeartbeatMsg has a number above 2^53 - 1 in field 10"],
    [
      "a number of eleven bytes",
      "0802120c50ffffffffffffffffffff01",
      "HeartbeatMsg has an unfinished number in field 10",
    ],
    ["a number beyond 64 bits", "0802120b50ffffffffffffffffff02", "HeartbeatMsg has an unfinished number in field 10"],
    ["an instance_id of 3 bytes", "080112055203010203", "LoginMsg has 3 bytes in field 10, expected 0 or 16"],
    ["a cursor_message_id of 1 byte", "080112037a0101", "LoginMsg has 1 bytes in field 15, expected 0 or 16"],
    ["a device_kind that is no UTF-8", "080112047202c328", "Input cannot be decoded"],
    ["a token that is no UTF-8", "080112030a01ff", "Input cannot be decoded"],
    [
      "an id as number and as string",
      "0803120a0a0610085a02" + "3039" + "1001",
      "Message has an id as number and as string",
    ],
    ["groups in groups in groups", `0802${"a306".repeat(5000)}`, "Input has more than 32 groups in each other"],
  ])("a client that sends %s is refused", (_what, hex, text) => {
    expect(clientOutcome(hex)).toContain(text);
  });

  it.each([
    ["nothing at all", "", "got no bytes"],
    ["a foreign first byte", "10c801", "starts with byte 8 or 10, got 16"],
    ["a batch that ends too early", "0a05080310", "OutputBatch has a field 1 cut short"],
    ["a push without msg", "080310c801", "PushMsg has no msg"],
    ["a push without message_id", "080310c80122060a0408011008", "lacks its receiver or its message_id"],
    ["a push of an unknown session type", `080310c80122180a1608031008${`6210${"00".repeat(16)}`}`, "session_type 3"],
    ["a failure that looks like an ACK", "080410e90722040801" + "1005", "says success, but Output.code is 1001"],
    ["an ACK without a message id", "080410c801220408011005", "a message_id of 0 bytes"],
    [
      "a login ACK with a message id for an origin",
      `080410c80122140803${`5210${"00".repeat(16)}`}`,
      "a message_id of 16 bytes",
    ],
  ])("a server that sends %s is refused", (_what, hex, text) => {
    expect(serverOutcome(hex)).toContain(text);
  });

  it("reads the highest number there is, and a time before 1970", () => {
    expect(decodeClientFrame(fromHex("0802120950ffffffffffffff0f"))).toMatchObject({ cursor: 2 ** 53 - 1 });
    // UpMsg { msg { client_time -1 }, clientId 1 }
    expect(decodeClientFrame(fromHex("0803120f0a0b70ffffffffffffffffff011001"))).toMatchObject({ clientTime: -1 });
  });

  it("never breaks a decoder, whatever it is, and leaves Object.prototype alone", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const valid = fc.oneof(
      clientFrames.map(encodeClientFrame),
      serverFrames.map(encodeServerFrame),
      serverFrames.map((frame) => encodeBatch([encodeServerFrame(frame)])),
    );
    const anything = fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated(valid));
    fc.assert(
      fc.property(anything, (bytes) => {
        expect(outcomeOf(decodeClientFrame, bytes)).not.toContain("broken");
        expect(outcomeOf(decodeServerFrames, bytes)).not.toContain("broken");
      }),
      RUNS,
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(Object.keys({})).toEqual([]);
  });

  it("is never kept: a decoded frame does not change when the buffer it came from is used again", () => {
    const said: UplinkFrame = { ...uplink, content: Uint8Array.of(1, 2, 3), receiver: "alice" };
    const buffer = Buffer.from(encodeClientFrame(said));
    const login = Buffer.from(fromHex(`0801121252${"10"}${"07".repeat(16)}`));
    const frames = [decodeClientFrame(buffer), decodeClientFrame(login)];
    buffer.fill(0);
    login.fill(0);
    expect(frames).toMatchObject([said, { instanceId: new Uint8Array(16).fill(7) }]);
    expect(Buffer.isBuffer((frames[0] as UplinkFrame).content)).toBe(false);
  });
});

describe("Texts", () => {
  it("with emoji come through, half a surrogate pair becomes U+FFFD", () => {
    const frame = decodeClientFrame(encodeClientFrame({ kind: "token", token: "héllo 👩‍🚀 \ud83d!" }));
    expect(frame).toEqual({ kind: "token", token: "héllo 👩‍🚀 \ufffd!" });
  });

  it("of any kind never make the encoder write what the decoder refuses", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (text) => {
        const kick = encodeServerFrame({ kind: "kick", code: 4410, text });
        expect(decodeServerFrames(kick)).toHaveLength(1);
        // Node's own encoder puts U+FFFD for half a surrogate pair, too.
        expect(toHex(kick)).toContain(Buffer.from(text, "utf8").toString("hex"));
      }),
    );
  });
});

describe("Numbers that cannot travel", () => {
  it.each([Number.NaN, 1.5, -1, 2 ** 53, Number.POSITIVE_INFINITY])("%s is refused instead of cut", (clientId) => {
    const frame = { ...uplink, clientId, content: new Uint8Array(), receiver: "a" };
    expect(() => encodeClientFrame(frame)).toThrow(/expected a safe integer/);
  });
});

const uplink = {
  kind: "uplink",
  clientId: 1,
  afterClientId: 0,
  sessionType: 1,
  sender: "",
  type: 1,
  clientTime: 0,
} as const;
