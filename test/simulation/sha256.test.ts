import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encodeText, toHex } from "../../src/core/bytes.js";
import { sha256 } from "../../src/testing/fakes/sha256.js";

describe("the fakes' SHA-256", () => {
  it("knows the examples of the standard", () => {
    expect(toHex(sha256(encodeText("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(toHex(sha256(new Uint8Array()))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("agrees with the platform's for every length around the block size", () => {
    for (let length = 0; length < 200; length++) {
      const data = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff);
      expect(toHex(sha256(data))).toBe(createHash("sha256").update(data).digest("hex"));
    }
  });
});
