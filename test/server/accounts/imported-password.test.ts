import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createImServer } from "../../../src/server/create-im-server.js";
import { type AccountsStage, ADA, errorOf, openAccounts } from "./accounts-stage.js";

const importedPasswordSalt = "the salt of the original";
const hashOf = (password: string): string =>
  createHash("md5")
    .update(password + importedPasswordSalt)
    .digest("hex");

/** Ada as `npx shyim import` leaves her. */
async function open(options: { readonly importedPasswordSalt?: string }, password = ADA.password) {
  const stage = await openAccounts(options);
  const { userId } = await stage.users.register(ADA);
  await stage.storage.users.update(userId, { passwordHash: `shyim-md5$${hashOf(password)}` });
  return { stage, userId, hash: async () => (await stage.storage.users.find(userId))?.passwordHash };
}

const login = (stage: AccountsStage, password: string = ADA.password) =>
  stage.users.login({ phoneNumber: ADA.phoneNumber, password }, { address: "10.0.0.1" });

describe("an imported password", () => {
  it("opens the account when the server knows the original's salt, and gets a proper hash then", async () => {
    const { stage, userId, hash } = await open({ importedPasswordSalt });
    expect(await login(stage)).toMatchObject({ userId });
    expect(await hash()).toMatch(/^scrypt\$/);
    expect(await login(stage)).toMatchObject({ userId });
  });

  it("S14: opens nothing when it is wrong, when the salt is another, or when the server knows none", async () => {
    const wrong = await open({ importedPasswordSalt });
    expect((await errorOf(login(wrong.stage, "correct horse batterY"))).code).toBe("unauthenticated");
    for (const options of [{}, { importedPasswordSalt: "another" }]) {
      const { stage, hash } = await open(options);
      expect((await errorOf(login(stage))).code).toBe("unauthenticated");
      expect(await hash()).toMatch(/^shyim-md5\$/);
    }
  });

  it("S15: costs a stranger one hash like any other, right or wrong", async () => {
    const { stage } = await open({ importedPasswordSalt });
    expect(await stage.hashesOf(() => login(stage, "not the password"))).toBe(1);
  });

  it("that is shorter than a new one may be opens the account, and stays until it is changed", async () => {
    const { stage, userId, hash } = await open({ importedPasswordSalt }, "12345");
    expect(await login(stage, "12345")).toMatchObject({ userId });
    expect(await hash()).toMatch(/^shyim-md5\$/);
    await stage.users.changePassword(userId, { password: "12345", newPassword: "long enough now" });
    expect(await login(stage, "long enough now")).toMatchObject({ userId });
    expect((await errorOf(login(stage, "12345"))).code).toBe("unauthenticated");
  });

  it("is not opened by its hash, and a stored text that only looks like one is none", async () => {
    const { stage, userId } = await open({ importedPasswordSalt });
    expect((await errorOf(login(stage, hashOf(ADA.password)))).code).toBe("unauthenticated");
    await stage.storage.users.update(userId, { passwordHash: `shyim-md5$${hashOf(ADA.password)}0` });
    expect((await errorOf(login(stage))).code).toBe("unauthenticated");
  });

  it("needs a salt that is a text; what was given instead is not repeated", () => {
    const accounts = { importedPasswordSalt: 4711 } as object;
    expect(() => createImServer({ accounts })).toThrow(
      "importedPasswordSalt: expected a text, got a value of type number",
    );
  });
});
