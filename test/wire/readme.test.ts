import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../src/core/bytes.js";
import { CLOSE, comeBackAfter } from "../../src/core/close-codes.js";
import {
  decodeClientFrame,
  decodeServerFrames,
  encodeBatch,
  encodeClientFrame,
  encodeServerFrame,
} from "../../src/core/codec.js";
import { WIRE_CODES } from "../../src/core/errors.js";

const readme = readFileSync(fileURLToPath(new URL("../../proto/README.md", import.meta.url)), "utf8");

/** The hex dumps, in order. */
const dumps = [...readme.matchAll(/```\n([CS]) ([0-9a-f\s]+)```/g)].map(([, side, hex]) => ({
  side,
  hex: (hex as string).replace(/\s/g, ""),
}));

describe("proto/README.md", () => {
  it("shows two sequences whose bytes are frames of the kinds it tells about", () => {
    const kinds = dumps.flatMap(({ side, hex }) =>
      side === "C" ? [decodeClientFrame(fromHex(hex)).kind] : decodeServerFrames(fromHex(hex)).map(({ kind }) => kind),
    );
    const first = ["login", "login_ack", "uplink", "uplink_ack", "push", "push_ack"];
    const second = ["uplink", "login", "login_ack", "uplink", "push", "uplink_ack", "push_ack"];
    expect(kinds).toEqual([...first, ...second]);
  });

  it("shows exactly the bytes the codec writes", () => {
    for (const { side, hex } of dumps) {
      const bytes = fromHex(hex);
      const again =
        side === "C"
          ? encodeClientFrame(decodeClientFrame(bytes))
          : encodeBatch(decodeServerFrames(bytes).map(encodeServerFrame));
      expect(toHex(again)).toBe(hex);
    }
  });

  it("shows a repeat that is the same bytes, and gets the id and seq of the own copy", () => {
    const [lost, , , repeat, push, ack] = dumps.slice(5);
    expect(repeat?.hex).toBe(lost?.hex);
    const [pushed] = decodeServerFrames(fromHex(push?.hex ?? ""));
    const [answer] = decodeServerFrames(fromHex(ack?.hex ?? ""));
    expect(pushed).toMatchObject({ item: { seq: 2, message: { messageId: "00112233445566770000000000000006" } } });
    expect(answer).toMatchObject({ clientId: 6, seq: 2, messageId: "00112233445566770000000000000006" });
  });

  it.each(Object.entries(WIRE_CODES))("lists the code %s with its number", (name, number) => {
    expect(readme).toContain(`| ${number} | ${name} |`);
  });

  it.each(Object.entries(CLOSE))(
    "lists the close code %s and says whether a client comes back after it",
    (_name, code) => {
      const table = readme.slice(readme.indexOf("| close | meaning"));
      const row = table.split("\n").find((line) => (line.split("|")[1] ?? "").includes(` ${code}`));
      const says = { yes: / yes[^|]*\|$/, no: / no[^|]*\|$/, "with-fresh-token": / only with a fresh token \|$/ };
      expect(row).toMatch(says[comeBackAfter(code)]);
    },
  );
});
