import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../src/core/bytes.js";
import {
  decodeClientFrame,
  decodeServerFrames,
  encodeBatch,
  encodeClientFrame,
  encodeMessageBody,
  encodePush,
  encodeServerFrame,
} from "../../src/core/codec.js";
import { errorText } from "../../src/core/errors.js";
import { CLIENT_GOLDEN, HI, SERVER_GOLDEN } from "./golden-frames.js";

describe("The bytes on the wire never change", () => {
  it.each(CLIENT_GOLDEN)("client to server: %s", (_shows, frame, hex) => {
    expect(toHex(encodeClientFrame(frame))).toBe(hex);
    expect(decodeClientFrame(fromHex(hex))).toEqual(frame);
  });

  it.each(SERVER_GOLDEN)("server to client: %s", (_shows, frame, hex) => {
    expect(toHex(encodeServerFrame(frame))).toBe(hex);
    expect(decodeServerFrames(fromHex(hex))).toEqual([frame]);
  });

  it("server to client: a batch of an ack and a push", () => {
    const goodbye = encodeServerFrame({ kind: "go_away", reconnectAfterMs: 1500 });
    const batch = encodeBatch([goodbye, encodePush(encodeMessageBody(HI), 301)]);
    const push =
      "080310c80122380a360801180720012a0268693880d095ffbc315a05616c69636562100011223344556677000000000000000568017098c895ffbc3130ad02";
    expect(toHex(batch)).toBe(`0a0a080610c801220308dc0b0a3f${push}`);
    expect(decodeServerFrames(batch).map((frame) => frame.kind)).toEqual(["go_away", "push"]);
  });

  it("takes the sentence of the code for a refusal without a text of its own", () => {
    const bytes = encodeServerFrame({
      kind: "nack",
      clientId: 5,
      code: "busy",
      text: "",
      retryAfterMs: 0,
      syncEpoch: "",
    });
    expect(decodeServerFrames(bytes)).toMatchObject([{ code: "busy", text: errorText("busy") }]);
  });

  it("takes the original protocol's send_time for the client's time", () => {
    // UpMsg { msg { session_type 1, receiver_id 8, sender_id 7, message_type 1, content "hi", send_time 300 }, clientId 1 }
    const legacy = "080312130a0f0801100818072001" + "2a026869" + "38ac02" + "1001";
    expect(decodeClientFrame(fromHex(legacy))).toMatchObject({ receiver: "8", sender: "7", clientTime: 300 });
  });

  it("prefers client_time when both are there", () => {
    // UpMsg { msg { send_time 300, client_time 301 }, clientId 1 }
    expect(decodeClientFrame(fromHex("0803120a0a0638ac0270ad021001"))).toMatchObject({ clientTime: 301 });
  });

  it("lets the last of a repeated field count, a message inside as a whole", () => {
    // HeartbeatMsg { cursor 1, cursor 2 }
    expect(decodeClientFrame(fromHex("0802120450015002"))).toMatchObject({ cursor: 2 });
    // UpMsg { msg { message_type 9, session_type 1 }, msg { session_type 2 }, clientId 1 }
    expect(decodeClientFrame(fromHex("0803120c0a04200908010a0208021001"))).toMatchObject({ sessionType: 2, type: 0 });
  });

  it("passes over fields of a newer peer, whatever their wire type", () => {
    // Input { type 2, 100: varint, 101: fixed64, 102: bytes, 103: group, 104: fixed32 }
    const unknown = "a00601" + "a9060102030405060708" + "b20602aabb" + "bb060801bc06" + "c50601020304";
    expect(decodeClientFrame(fromHex(`0802${unknown}`))).toMatchObject({ kind: "heartbeat" });
    expect(decodeServerFrames(fromHex(`080610c801220308dc0b${unknown}`))).toMatchObject([{ reconnectAfterMs: 1500 }]);
  });

  it("leaves out commands and acknowledgements of a newer server, and keeps the rest of the batch", () => {
    const kick = "080710c801220308b922";
    // An ACKMsg of ACKType 99; before it stands an Output of CmdType 99.
    const unknownAck = "0a09080410c80122020863";
    const batch = `0a05086310c801${unknownAck}0a0a${kick}`;
    expect(decodeServerFrames(fromHex(batch))).toEqual([{ kind: "kick", code: 4409, text: "" }]);
  });

  it("takes a code nobody here knows for internal", () => {
    // Output { type CT_ACK, code 1999, data ACKMsg { AT_Nack, clientId 5 } }
    expect(decodeServerFrames(fromHex("080410cf0f220408041005"))).toMatchObject([{ kind: "nack", code: "internal" }]);
  });
});
