import { createHash } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { importedMessageId } from "../../../../src/adapters/knex/import/import-key.js";
import { DEFAULT_MAX_CONTENT_BYTES } from "../../../../src/adapters/knex/import/import-options.js";
import { signInNumber, storableText, tidyName } from "../../../../src/adapters/knex/import/tidy-text.js";
import { timeOf } from "../../../../src/adapters/knex/import/wall-clock.js";
import { checkedNickname, normalisePhoneNumber } from "../../../../src/server/accounts/account-fields.js";
import { parseStoredPassword } from "../../../../src/server/accounts/stored-password.js";
import { DEFAULT_LIMITS } from "../../../../src/server/limits.js";

describe("an imported row", () => {
  it("is a message whose id is a function of its sender and its number", () => {
    const digest = createHash("sha256").update("7 import 12").digest("hex");
    expect(importedMessageId("7", 12)).toBe(digest.slice(0, 32));
  });

  it("may be as large as a server takes by default", () => {
    expect(DEFAULT_MAX_CONTENT_BYTES).toBe(DEFAULT_LIMITS.maxContentBytes);
  });

  it("keeps a password that no server takes for one of its own", () => {
    for (const kept of ["none", "shyim-md5$0123456789abcdef0123456789abcdef"]) {
      expect(parseStoredPassword(kept)).toBeNull();
    }
  });
});

describe("a text of the original", () => {
  it.each(["138 0013 8000", "+49 (170) 1234-567", "12\u20134567", "1234", "+", "", "call me", "1".repeat(21), "٣٤٥٦٧"])(
    "becomes the phone number %j as the accounts look for it",
    (text) => {
      expect(signInNumber(text)).toBe(normalisePhoneNumber(text));
    },
  );

  it.each([
    " ada ",
    "a\u0000b\u202ec",
    "e\u0301".repeat(60),
    "\u200b",
    "",
    "\ud800",
    "😀".repeat(70),
    `${"a".repeat(49)} b`,
  ])("becomes of %j a nickname the accounts would take, or the id", (text) => {
    const name = tidyName(text, "7");
    expect(checkedNickname(name)).toBe(name);
  });

  it("is cut so that every database holds it, between characters", () => {
    expect(storableText(`ab\0${"😀".repeat(200)}`)).toBe(`ab${"😀".repeat(126)}\ufffd`);
  });
});

describe("a time of the original", () => {
  const zone = process.env.TZ;
  afterAll(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it("is read in the zone of this process", () => {
    process.env.TZ = "Asia/Shanghai";
    expect(timeOf("2024-05-01 10:00:00.123", "wall clock")).toBe(Date.UTC(2024, 4, 1, 2, 0, 0, 123));
    expect(timeOf("2024-05-01 10:00:00.123456", "instants")).toBe(Date.UTC(2024, 4, 1, 10, 0, 0, 123));
  });

  it("is 0 where it is none, or lies before 1970", () => {
    process.env.TZ = "UTC";
    for (const text of [null, "", "soon", "0000-00-00 00:00:00", "0099-01-01 00:00:00", "1969-12-31 23:59:59.9"]) {
      expect(timeOf(text, "wall clock")).toBe(0);
    }
  });
});
